// Writes names on the map where there is room, the most useful first. Text is set as text.
"use strict";

function mapLabels(map, obstacles) {
  const layer = L.layerGroup().addTo(map);
  const ruler = document.createElement("canvas").getContext("2d");

  function width(text) {
    ruler.font = "600 12px Arial, sans-serif";
    return ruler.measureText(text).width + 8;
  }

  // The upright box around text that is turned.
  function box(point, textWidth, turn) {
    const radians = (turn * Math.PI) / 180;
    const w = Math.abs(textWidth * Math.cos(radians)) + Math.abs(14 * Math.sin(radians));
    const h = Math.abs(textWidth * Math.sin(radians)) + Math.abs(14 * Math.cos(radians));
    return L.bounds([point.x - w / 2, point.y - h / 2], [point.x + w / 2, point.y + h / 2]);
  }

  function write(label, anchor) {
    const text = document.createElement("span");
    text.className = "map-label " + label.kind;
    text.textContent = label.text;
    const middle = label.below ? "translate(-50%, " + (label.below - 7) + "px)" : "translate(-50%, -50%)";
    text.style.transform = middle + " rotate(" + anchor[2] + "deg)";
    const icon = L.divIcon({ html: text, className: "", iconSize: [0, 0] });
    L.marker(anchor, { icon: icon, pane: "labels", interactive: false, keyboard: false }).addTo(layer);
  }

  return function draw(labels) {
    layer.clearLayers();
    const view = L.bounds([4, 4], map.getSize().subtract([4, 4]));
    const metresPerPixel =
      (40075016.7 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 256 / Math.pow(2, map.getZoom());
    const taken = obstacles(map);
    labels.forEach(function (label) {
      const textWidth = width(label.text);
      if (label.length_m / metresPerPixel < textWidth) return;
      for (const anchor of label.anchors) {
        const point = map.latLngToContainerPoint(anchor).add([0, label.below || 0]);
        const place = box(point, textWidth, anchor[2]);
        if (view.contains(place) && !taken.some((other) => other.intersects(place))) {
          taken.push(place);
          write(label, anchor);
          return;
        }
      }
    });
  };
}
