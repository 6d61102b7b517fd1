// Brings the page to life: markers, layer ticks, zoom from the table, names on the map, printing.
"use strict";

(function () {
  const page = JSON.parse(document.getElementById("page-data").textContent);
  const root = document.documentElement;
  const map = window.map_tasking;
  const still = { animate: false };
  const shown = { areas: false, base: true, premises: false };
  const markers = new Map();

  function addMarkers() {
    return page.hot_spots.map(function (spot) {
      const number = document.createElement("span");
      number.textContent = String(spot.rank);
      const icon = L.divIcon({ html: number, className: "marker", iconSize: [28, 28] });
      const name = spot.rank + ". " + spot.name;
      const marker = L.marker(spot.at, {
        icon: icon,
        title: name,
        zIndexOffset: -1000 * spot.rank, // where two meet, the first is on top
      });
      marker.on("click", () => choose(spot.rank));
      marker.on("add", () => marker.getElement().setAttribute("aria-label", name));
      markers.set(spot.rank, marker);
      return marker;
    });
  }

  function addPremises(premises) {
    const icon = L.divIcon({ html: "", className: "premises", iconSize: [10, 10] });
    return L.marker(premises.at, { icon: icon, zIndexOffset: -5000, interactive: false, keyboard: false });
  }

  const layers = {
    hot_spots: L.layerGroup(
      (window.geo_json_outlines ? [window.geo_json_outlines] : []).concat(addMarkers())
    ).addTo(map),
    density: window.image_overlay_density,
    areas: window.geo_json_areas,
    premises: L.layerGroup(page.premises.map(addPremises)),
    contours: window.geo_json_contours,
    base: window.geo_json_base,
  };

  function labels() {
    const areas = shown.areas ? page.areas.map((a) => Object.assign({ kind: "area" }, a)) : [];
    const roads = shown.base ? page.roads.map((r) => Object.assign({ kind: "road" }, r)) : [];
    const premises = shown.premises
      ? page.premises.map((p) => ({
          kind: "of-premises",
          text: p.text,
          length_m: Infinity,
          anchors: [p.at.concat(0)],
          below: 13,
        }))
      : [];
    return premises.concat(areas, roads);
  }

  const draw = mapLabels(map, function () {
    return page.hot_spots.map(function (spot) {
      const point = map.latLngToContainerPoint(spot.at);
      return L.bounds(point.subtract([18, 18]), point.add([18, 18]));
    });
  });

  // Roads broaden as the map is enlarged.
  const widths = new Map();
  layers.base.eachLayer((shape) => widths.set(shape, shape.options.weight));
  function setWidths() {
    const scale = Math.min(4, Math.max(0.6, Math.pow(2, (map.getZoom() - 14.5) * 0.6)));
    widths.forEach((width, shape) => shape.setStyle({ weight: width * scale }));
  }

  function say(text) {
    document.getElementById("status").textContent = text;
  }

  function mark(rank) {
    document.querySelectorAll(".hot-spots tbody tr").forEach(function (row) {
      const chosen = Number(row.dataset.rank) === rank;
      row.classList.toggle("chosen", chosen);
      row.querySelector("button").setAttribute("aria-pressed", String(chosen));
    });
    markers.forEach(function (marker, other) {
      const icon = marker.getElement();
      if (icon) icon.classList.toggle("chosen", other === rank);
    });
  }

  function choose(rank) {
    const spot = page.hot_spots.find((other) => other.rank === rank);
    mark(rank);
    map.fitBounds(spot.bounds, { maxZoom: 17, animate: false });
    say("The map shows hot spot " + rank + ", " + spot.name + ".");
  }

  function showAll() {
    mark(null);
    map.fitBounds(page.home, still);
  }

  // What is too long for its place is scrolled by keyboard too.
  function bindLongWords() {
    document.querySelectorAll(".page-head, .headline, .page-foot").forEach(function (part) {
      if (part.scrollHeight > part.clientHeight + 1) part.tabIndex = 0;
    });
  }

  function bindTable() {
    document.querySelectorAll(".hot-spots tbody tr").forEach(function (row) {
      row.addEventListener("click", function () {
        choose(Number(row.dataset.rank));
        const part = document.querySelector(".map-part");
        if (part.getBoundingClientRect().bottom < 100) part.scrollIntoView();
      });
    });
    document.getElementById("show-all").addEventListener("click", function () {
      showAll();
      say("The map shows all hot spots.");
    });
  }

  function bindLayers() {
    Object.keys(layers).forEach(function (name) {
      const tick = document.getElementById("layer-" + name);
      if (!tick || !layers[name]) return;
      tick.addEventListener("change", function () {
        if (tick.checked) map.addLayer(layers[name]);
        else map.removeLayer(layers[name]);
        tick.closest(".layer").classList.toggle("off", !tick.checked);
        shown[name] = tick.checked;
        draw(labels());
      });
    });
  }

  // On paper the whole map, to the size that the sheet gives it, in fine print if need be.
  function bindPrinting() {
    let before = null;
    window.addEventListener("beforeprint", function () {
      before = { center: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap };
      root.classList.add("printing");
      const sheet = document.querySelector("main");
      const overflows = () => sheet.scrollHeight > sheet.clientHeight;
      for (let size = 10; size >= 6; size -= 0.25) {
        root.style.setProperty("--paper-text", size + "pt");
        if (!overflows()) {
          // The printer breaks lines a little otherwise than the screen: leave it a line to spare.
          root.style.setProperty("--paper-text", Math.max(6, size - 0.75) + "pt");
          break;
        }
      }
      document.body.classList.toggle("two-sheets", overflows()); // rather than lose a caveat
      L.Browser.retina = true;
      map.stop();
      map.options.zoomSnap = 0;
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(page.home, still);
    });
    window.addEventListener("afterprint", function () {
      if (!before) return;
      root.classList.remove("printing");
      document.body.classList.remove("two-sheets");
      map.options.zoomSnap = before.snap;
      map.invalidateSize({ animate: false, pan: false });
      map.setView(before.center, before.zoom, still);
      before = null;
    });
  }

  L.control.zoom({ position: "topleft" }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  map.on("zoomend", setWidths);
  map.on("moveend", () => draw(labels()));
  bindLongWords();
  bindTable();
  bindLayers();
  bindPrinting();
  mapChoices(page.choices, { density: layers.density, outlines: window.geo_json_outlines }, markers);
  showAll();
  root.dataset.ready = "true";
})();
