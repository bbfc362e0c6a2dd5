// Draws every figure that stands in the page as JSON, in the colours of the style sheet.

const css = getComputedStyle(document.documentElement);
const token = (name) => css.getPropertyValue(`--${name}`).trim();
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function coloured(value) {
  if (typeof value === "string" && value.startsWith("--")) return token(value.slice(2));
  if (Array.isArray(value)) return value.map(coloured);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coloured(inner)]));
  }
  return value;
}

function layoutOf(figure) {
  const axis = { gridcolor: token("line"), linecolor: token("line-2"), zerolinecolor: token("line-2") };
  const given = coloured(figure.layout ?? {});
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
    margin: { l: 8, r: 16, t: 8, b: 40 },
    font: { family: "Source Sans Pro, system-ui, sans-serif", size: 15, color: token("ink") },
    transition: { duration: still ? 0 : 200 },
    ...given,
    xaxis: { automargin: true, ...axis, ...given.xaxis },
    yaxis: { automargin: true, ...axis, ...given.yaxis },
  };
}

for (const source of document.querySelectorAll("script[data-chart]")) {
  const figure = JSON.parse(source.textContent);
  const place = document.getElementById(source.dataset.chart);
  place.classList.add("js-plotly-plot");
  // When the window changes, the library takes the height of the element, not that of the figure.
  if (figure.layout?.height) place.style.height = `${figure.layout.height}px`;
  window.Plotly.newPlot(place, coloured(figure.data), layoutOf(figure), { displayModeBar: false, responsive: true });
}
