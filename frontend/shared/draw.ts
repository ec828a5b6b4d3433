/** Icons where there is no Preact: drawings of frontend/build/icons.ts as elements. */
export type Drawing = readonly (readonly [string, Readonly<Record<string, string>>])[];

const SVG = "http://www.w3.org/2000/svg";

export function draw(drawing: Drawing, classes = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `i ${classes}`.trim());
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const [tag, attributes] of drawing) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    svg.append(shape);
  }
  return svg;
}
