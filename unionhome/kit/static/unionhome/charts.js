// UnionHome, charts: drawn from the JSON beside them in the page's own colours; the table beneath stays.
(() => {
  "use strict";

  const { all, on, whenReady } = window.unionhome;

  const charts = new Map();
  const drawChart = (place) => {
    if (typeof echarts === "undefined") return;
    const source = place.dataset.chart ? document.getElementById(place.dataset.chart) : place.nextElementSibling;
    if (!source) return;
    let chart = charts.get(place);
    if (!chart) {
      chart = echarts.init(place, null, { renderer: "svg" });
      charts.set(place, chart);
    }
    const look = getComputedStyle(document.body);
    const ink = look.getPropertyValue("--uh-ink-2").trim();
    const line = look.getPropertyValue("--uh-line").trim();
    const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, splitLine: { lineStyle: { color: line } } };
    const config = JSON.parse(source.textContent);
    const dress = (one) => Object.assign({}, axis, one);
    for (const name of ["xAxis", "yAxis"]) {
      if (config[name]) config[name] = Array.isArray(config[name]) ? config[name].map(dress) : dress(config[name]);
    }
    chart.setOption(Object.assign({ animation: false, grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true }, color: [look.getPropertyValue("--uh-grey-fill").trim()], textStyle: { fontFamily: look.fontFamily, color: ink } }, config), true);
  };
  const startCharts = () => {
    for (const place of all("[data-chart]")) drawChart(place);
  };
  addEventListener("resize", () => {
    for (const chart of charts.values()) chart.resize();
  });
  on("uh:theme", startCharts);
  whenReady(startCharts);
})();
