// Sends the form of a page that only passes something on; without this script its button does.
document.querySelector("form[data-onward]")?.submit();
