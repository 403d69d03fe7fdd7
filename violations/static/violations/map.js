/* The map of an incident: our own shapes on a plain ground. No tiles, no other server. */
"use strict";
(function () {
    const holder = document.getElementById("map");
    const data = document.getElementById("map-data");
    if (!holder || !data || !window.L) {
        return;
    }
    const ink = getComputedStyle(document.documentElement).getPropertyValue("--body-fg").trim() || "#333";
    // How far from the point the place may be, in metres, by the precision as filed.
    const reach = {exact: 10, vicinity: 100, locality: 1000, surroundings: 25000};
    const styles = {
        area: {color: ink, weight: 1, opacity: 0.35, fillOpacity: 0.03},
        agreed: {color: ink, weight: 2, fillOpacity: 0.06},
        rival: {color: ink, weight: 2, dashArray: "8 5", fillOpacity: 0.04},
        second: {color: ink, weight: 2, dashArray: "2 5", fillOpacity: 0.04},
        bearing: {color: ink, weight: 2, fillOpacity: 0.1},
        others: {color: ink, weight: 1, dashArray: "1 6", fillOpacity: 0.05},
        crossing: {color: ink, weight: 3, fillOpacity: 0},
        place: {color: ink, weight: 2, fillOpacity: 0.25}
    };
    const map = L.map(holder, {attributionControl: true, scrollWheelZoom: false});
    map.attributionControl.setPrefix(false);
    L.control.scale({imperial: false}).addTo(map);
    // What the view is fitted to: the places, with room around them.
    const bounds = L.latLngBounds([]);
    const around = L.layerGroup();
    const shapes = L.geoJSON(data.textContent ? JSON.parse(data.textContent) : null, {
        style: (feature) => styles[feature.properties.pattern || feature.properties.layer],
        pointToLayer: (feature, latlng) => feature.properties.layer === "crossing"
            ? L.circleMarker(latlng, {...styles.crossing, radius: 9})
            : L.circleMarker(latlng, {...styles.place, radius: 6, fillOpacity: 0.9}),
        onEachFeature: (feature, layer) => {
            const shown = feature.properties;
            // Text, not markup: names come from people.
            const name = document.createElement("span");
            name.textContent = shown.name;
            layer.bindTooltip(name, {
                permanent: shown.layer === "area" || shown.layer === "place",
                direction: shown.layer === "place" ? "top" : "center",
                className: "map-name " + shown.layer,
                sticky: shown.layer === "agreed" || shown.layer === "rival" || shown.layer === "bearing"
            });
            if (shown.layer === "place" && layer.getLatLng) {
                const radius = reach[shown.precision] || 0;
                bounds.extend(layer.getLatLng().toBounds(Math.max(2.5 * radius, 40000)));
                if (radius) {
                    around.addLayer(L.circle(layer.getLatLng(), {...styles.place, radius: radius, weight: 1, fillOpacity: 0.08, interactive: false}));
                }
            } else if (shown.layer === "place") {
                bounds.extend(layer.getBounds().pad(0.5));
            } else if (shown.layer === "crossing") {
                bounds.extend(layer.getLatLng());
            }
        }
    });
    map.fitBounds(bounds, {maxZoom: 12});
    around.addTo(map);
    shapes.addTo(map);
}());
