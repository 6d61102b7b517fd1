// The theme switch, and the sliders over the night of the week and the band.
"use strict";

function mapChoices(choices, layers, markers) {
  const theme = document.getElementById("choice-theme");
  const night = document.getElementById("choice-night");
  const band = document.getElementById("choice-band");
  const words = document.getElementById("choice-words");
  const heat = Array.from(document.querySelectorAll(".heat tbody tr"), (row) =>
    Array.from(row.querySelectorAll("td"))
  );
  const rows = Array.from(document.querySelectorAll(".hot-spots tbody tr"));
  const all = {
    picture: layers.density && { uri: layers.density._url, bounds: layers.density.getBounds() },
    nights: heat.map((cells) =>
      cells.map((cell) => ({ text: cell.textContent, shade: Number(cell.className.slice(1)) }))
    ),
    n: new Map(rows.map((row) => [row.dataset.rank, row.querySelector(".count").textContent])),
  };

  function chosenTheme() {
    return theme && theme.value !== "" ? choices.themes[Number(theme.value)] : null;
  }

  // What the sliders stand on: null is all.
  function chosenTime() {
    const at = (slider) => (slider && Number(slider.value) > 0 ? Number(slider.value) - 1 : null);
    return { night: at(night), band: at(band) };
  }

  function showDensity(picture) {
    if (!layers.density) return;
    if (picture) {
      layers.density.setUrl(picture.uri);
      layers.density.setBounds(L.latLngBounds(picture.bounds));
    }
    layers.density.setOpacity(picture ? 1 : 0);
  }

  function showNights(nights, time) {
    const any = time.night !== null || time.band !== null;
    heat.forEach((cells, i) =>
      cells.forEach(function (cell, j) {
        cell.textContent = nights[i][j].text;
        cell.className = "s" + nights[i][j].shade;
        const within =
          (time.night === null || time.night === i) && (time.band === null || time.band === j);
        cell.classList.toggle("picked", any && within);
      })
    );
  }

  // Numbers by rank of the hot spots that are busy enough then; null where no time is chosen.
  function busy(time) {
    if (time.night === null && time.band === null) return null;
    const found = new Map();
    choices.times.forEach(function (row) {
      const within =
        (time.night === null || time.night === row[1]) && (time.band === null || time.band === row[2]);
      if (within) found.set(String(row[0]), row[3]);
    });
    return found;
  }

  function showSpots(chosen, time) {
    const then = chosen ? null : busy(time);
    const oneBand = time.night !== null && time.band !== null;
    rows.forEach(function (row) {
      const rank = row.dataset.rank;
      const quiet = then !== null && !then.has(rank);
      let n = chosen ? chosen.n[rank] || "–" : all.n.get(rank);
      if (then && oneBand) n = then.get(rank) || "–";
      row.querySelector(".count").textContent = n;
      row.querySelector(".interval").hidden = Boolean(chosen || (then && oneBand));
      row.classList.toggle("quiet-spot", quiet);
      const marker = markers.get(Number(rank));
      if (marker) marker.setOpacity(quiet ? 0.3 : 1);
    });
    if (layers.outlines) {
      layers.outlines.eachLayer(function (shape) {
        const rank = rows[Number(shape.feature.id)].dataset.rank;
        shape.setStyle({ opacity: then !== null && !then.has(rank) ? 0.25 : 1 });
      });
    }
    return then;
  }

  function timeWords(time) {
    if (time.night === null) return "All nights, " + choices.bands[time.band];
    return time.band === null ? choices.nights[time.night] + " night" : choices.times_words[time.night][time.band];
  }

  function tell(chosen, time, then) {
    if (chosen) return chosen.words;
    if (then === null) return "";
    const which = then.size + " of " + rows.length + " hot spots hold enough assaults then to tell.";
    return timeWords(time) + ": " + which;
  }

  function show() {
    const chosen = chosenTheme();
    [night, band].forEach(function (slider) {
      if (!slider) return;
      slider.disabled = chosen !== null;
      if (chosen) slider.value = "0";
    });
    const time = chosenTime();
    [[night, choices.nights, "All nights"], [band, choices.bands, "All hours"]].forEach(function (each) {
      if (!each[0]) return;
      const value = Number(each[0].value);
      const text = value ? each[1][value - 1] : each[2];
      each[0].setAttribute("aria-valuetext", text);
      document.getElementById(each[0].id + "-value").textContent = text;
    });
    showDensity(chosen ? chosen.picture : all.picture);
    showNights(chosen ? chosen.nights : all.nights, time);
    words.textContent = tell(chosen, time, showSpots(chosen, time));
    words.hidden = words.textContent === "";
  }

  [theme, night, band].forEach(function (control) {
    if (control) control.addEventListener("input", show);
  });
}
