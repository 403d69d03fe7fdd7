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
        rival: {color: ink, weight: 2, dashArray: "7 5", fillOpacity: 0.04},
        place: {color: ink, weight: 2, fillOpacity: 0.25}
    };
    const map = L.map(holder, {attributionControl: true, scrollWheelZoom: false});
    map.attributionControl.setPrefix(false);
    L.control.scale({imperial: false}).addTo(map);
    const places = L.featureGroup();
    L.geoJSON(data.textContent ? JSON.parse(data.textContent) : null, {
        style: (feature) => styles[feature.properties.layer],
        pointToLayer: (feature, latlng) => L.circleMarker(latlng, {...styles.place, radius: 6, fillOpacity: 0.9}),
        onEachFeature: (feature, layer) => {
            const shown = feature.properties;
            // Text, not markup: names come from people.
            const name = document.createElement("span");
            name.textContent = shown.name;
            layer.bindTooltip(name, {
                permanent: shown.layer === "area" || shown.layer === "place",
                direction: shown.layer === "place" ? "top" : "center",
                className: "map-name " + shown.layer,
                sticky: shown.layer === "agreed" || shown.layer === "rival"
            });
            if (shown.layer === "place") {
                places.addLayer(layer);
                if (layer.getLatLng && reach[shown.precision]) {
                    places.addLayer(L.circle(layer.getLatLng(), {...styles.place, radius: reach[shown.precision], weight: 1, fillOpacity: 0.08, interactive: false}));
                }
            }
        }
    }).addTo(map);
    places.addTo(map);
    map.fitBounds(places.getBounds().pad(0.5), {maxZoom: 10});
}());
