"""How well somebody guesses who gave which row, and whether a file holds what it should not."""

from collections import defaultdict


def hits_per_label(orders, stored):
    """Rule to correct guesses per label; `stored` is the people behind each label, in row order."""
    found = defaultdict(list)
    for name, order in orders.items():
        for people in stored.values():
            guessed = [person for person in order if person in set(people)]
            pairs = zip(guessed, people, strict=True)
            found[name].append(sum(guess == true for guess, true in pairs))
    return found


def mean_hits(results):
    together = defaultdict(list)
    for found in results:
        for name, hits in found.items():
            together[name] += hits
    return {name: sum(hits) / len(hits) for name, hits in together.items()}


def found_in(folder, needles):
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            found += [file.name for needle in needles if needle in content]
    return found
