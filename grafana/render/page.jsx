// Draws one committed dashboard with Grafana's own UI library from a live Prometheus: a check for the eye, not a Grafana server.
import React from 'react';
import { createRoot } from 'react-dom/client';
import { initPluginTranslations } from '@grafana/i18n';
import {
  applyFieldOverrides, createTheme, dateTime, FieldConfigOptionsRegistry, FieldType,
  getDisplayProcessor, getFieldDisplayValues,
  identityOverrideProcessor, ThemeContext, toDataFrame, VizOrientation,
} from '@grafana/data';
import {
  BarGauge, BigValue, BigValueColorMode, BigValueGraphMode, BigValueJustifyMode, BigValueTextMode,
  GlobalStyles, PanelChrome, PanelContextProvider, Table, TimeSeries,
} from '@grafana/ui';

const theme = createTheme({ colors: { mode: 'dark' } });
const params = new URLSearchParams(location.search);
const CELL = 1400 / 24;
const ROW = 36;

const interpolate = (text, values) =>
  Object.entries(values).reduce((t, [k, v]) => t.replaceAll('${' + k + '}', v).replaceAll('$' + k, v), text);

const legendOf = (format, labels) =>
  !format || format === '__auto'
    ? Object.entries(labels).filter(([k]) => k !== '__name__').map(([k, v]) => `${k}="${v}"`).join(', ') || labels.__name__ || 'value'
    : format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, k) => labels[k] ?? '');

async function get(base, path, query) {
  const answer = await (await fetch(base + path + '?' + new URLSearchParams(query))).json();
  if (answer.status !== 'success') throw new Error(answer.error);
  return answer.data.result;
}

async function framesOf(target, range, values) {
  const expr = interpolate(target.expr, values);
  const base = params.get('prometheus');
  if (target.instant || target.format === 'table') {
    const rows = await get(base, '/api/v1/query', { query: expr, time: range.to });
    if (target.format === 'table') return [tableOf(rows, target)];
    return rows.map((r) => toDataFrame({ refId: target.refId, name: legendOf(target.legendFormat, r.metric), fields: [
      { name: 'Time', type: FieldType.time, values: [r.value[0] * 1000] },
      { name: 'Value', type: FieldType.number, labels: r.metric, values: [Number(r.value[1])], config: { displayNameFromDS: legendOf(target.legendFormat, r.metric) } },
    ] }));
  }
  const rows = await get(base, '/api/v1/query_range', { query: expr, start: range.from, end: range.to, step: range.step });
  return rows.map((r) => {
    // A quantile of nothing is NaN: a gap, not a point that spoils the scale.
    const at = new Map(r.values.map(([t, v]) => [Math.round(t * 1000), v === 'NaN' ? null : Number(v)]));
    const times = [];
    for (let t = range.from; t <= range.to; t += range.step) times.push(Math.round(t * 1000));
    return toDataFrame({ refId: target.refId, fields: [
      { name: 'Time', type: FieldType.time, values: times },
      { name: 'Value', type: FieldType.number, labels: r.metric, values: times.map((t) => at.get(t) ?? null), config: { displayNameFromDS: legendOf(target.legendFormat, r.metric) } },
    ] });
  });
}

function tableOf(rows, target) {
  const keys = [...new Set(rows.flatMap((r) => Object.keys(r.metric)))].filter((k) => k !== '__name__');
  return toDataFrame({ refId: target.refId, fields: [
    ...keys.map((k) => ({ name: k, type: FieldType.string, values: rows.map((r) => r.metric[k] ?? '') })),
    { name: 'Value', type: FieldType.number, values: rows.map((r) => Number(r.value[1])) },
  ] });
}

const STANDARD = ['unit', 'min', 'max', 'decimals', 'displayName', 'noValue', 'color', 'thresholds', 'mappings', 'links'];
const registry = new FieldConfigOptionsRegistry(() => STANDARD.map((id) => ({
  id, path: id, name: id, isCustom: false, editor: () => null, override: () => null,
  process: identityOverrideProcessor, shouldApply: () => true, getItemsCount: () => 0,
})));

function prepared(frames, panel) {
  // What the panel's plugin would fill in: lines take the palette's colours, one after the other.
  const color = panel.type === 'timeseries' ? { color: { mode: 'palette-classic' } } : {};
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  return applyFieldOverrides({
    data: frames, fieldConfig: { defaults: { ...color, ...defaults }, overrides },
    fieldConfigRegistry: registry, replaceVariables: (v) => v, theme, timeZone: 'utc',
  }).map((frame) => {
    for (const field of frame.fields) {
      field.config.custom = { ...(panel.fieldConfig?.defaults?.custom ?? {}), ...(field.config.custom ?? {}) };
      for (const o of panel.fieldConfig?.overrides ?? []) applyCustom(field, frame, o);
      field.display = getDisplayProcessor({ field, theme, timeZone: 'utc' });
    }
    return frame;
  });
}

// The registry here has the standard options only; custom ones (fill, line style) are set by hand.
function applyCustom(field, frame, override) {
  const name = field.config.displayName ?? field.config.displayNameFromDS ?? field.name;
  const hit = override.matcher.id === 'byName' ? name === override.matcher.options
    : override.matcher.id === 'byRegexp' ? new RegExp(override.matcher.options.replace(/^\/|\/$/g, '')).test(name)
    : override.matcher.id === 'byFrameRefID' ? frame.refId === override.matcher.options : false;
  if (!hit) return;
  for (const { id, value } of override.properties) if (id.startsWith('custom.')) {
    let at = field.config.custom; const keys = id.slice(7).split('.');
    for (const k of keys.slice(0, -1)) at = at[k] = { ...(at[k] ?? {}) };
    at[keys.at(-1)] = value;
  }
}

function transformed(frames, panel) {
  for (const t of panel.transformations ?? []) {
    if (t.id === 'organize') frames = frames.map((f) => organize(f, t.options));
    if (t.id === 'merge') frames = [mergeTables(frames)];
  }
  return frames;
}

function organize(frame, { excludeByName = {}, renameByName = {}, indexByName = {} }) {
  const fields = frame.fields.filter((f) => !excludeByName[f.name])
    .sort((a, b) => (indexByName[a.name] ?? 99) - (indexByName[b.name] ?? 99))
    .map((f) => ({ ...f, name: renameByName[f.name] ?? f.name }));
  return { ...frame, fields };
}

function mergeTables(frames) {
  const rows = new Map(); const keys = new Set();
  for (const f of frames) for (let i = 0; i < f.length; i++) {
    const labels = f.fields.filter((x) => x.name !== 'Value' && x.type === FieldType.string);
    labels.forEach((x) => keys.add(x.name));
    const id = labels.map((x) => x.name + '=' + x.values[i]).join('|');
    const row = rows.get(id) ?? Object.fromEntries(labels.map((x) => [x.name, x.values[i]]));
    row['Value #' + f.refId] = f.fields.find((x) => x.name === 'Value').values[i]; rows.set(id, row);
  }
  const list = [...rows.values()];
  return toDataFrame({ fields: [
    ...[...keys].map((k) => ({ name: k, type: FieldType.string, values: list.map((r) => r[k] ?? '') })),
    ...frames.map((f) => ({ name: 'Value #' + f.refId, type: FieldType.number, values: list.map((r) => r['Value #' + f.refId] ?? null) })),
  ] });
}

function Body({ panel, frames, width, height, range }) {
  if (panel.type === 'text') return <pre style={{ padding: 8, whiteSpace: 'pre-wrap' }}>{panel.options.content}</pre>;
  if (!frames.length || frames.every((f) => f.length === 0)) return <div className="no-data" style={{ padding: 16, color: 'orange' }}>No data</div>;
  if (panel.type === 'timeseries') return <TimeSeries frames={frames} width={width} height={height} timeZone="utc"
    timeRange={{ from: dateTime(range.from * 1000), to: dateTime(range.to * 1000), raw: { from: 'x', to: 'y' } }}
    legend={{ showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [], ...(panel.options?.legend ?? {}) }} tweakScale={(x) => x} tweakAxis={(x) => x} />;
  if (panel.type === 'table') return <Table data={frames[0]} width={width} height={height} />;
  const values = getFieldDisplayValues({ data: frames, theme, timeZone: 'utc', replaceVariables: (v) => v,
    reduceOptions: { calcs: ['lastNotNull'], values: false, ...(panel.options?.reduceOptions ?? {}) }, fieldConfig: panel.fieldConfig, sparkline: panel.options?.graphMode === 'area' });
  const share = values.length;
  if (panel.type === 'bargauge') return <div>{values.map((v, i) => <BarGauge key={i} width={width} height={height / share} value={v.display} field={v.field} theme={theme}
    orientation={VizOrientation.Horizontal} text={{ titleSize: 14, valueSize: 18 }} displayMode={panel.options?.displayMode ?? 'gradient'} />)}</div>;
  return <div style={{ display: 'flex' }}>{values.map((v, i) => <BigValue key={i} width={width / share} height={height} value={v.display} theme={theme} count={share}
    colorMode={panel.options?.colorMode ?? BigValueColorMode.Value} graphMode={v.sparkline ? BigValueGraphMode.Area : BigValueGraphMode.None} sparkline={v.sparkline}
    justifyMode={BigValueJustifyMode.Auto} textMode={panel.options?.textMode ?? BigValueTextMode.Auto} />)}</div>;
}

function Panel({ panel, range, values }) {
  const [frames, setFrames] = React.useState(null);
  const [error, setError] = React.useState(null);
  React.useEffect(() => {
    Promise.all((panel.targets ?? []).filter((t) => t.expr && !t.hide).map((t) => framesOf(t, range, values)))
      .then((all) => setFrames(prepared(transformed(all.flat(), panel), panel))).catch((e) => { setError(String(e)); setFrames([]); });
  }, []);
  const { x, y, w, h } = panel.gridPos;
  const width = w * CELL - 8; const height = h * ROW - 8;
  const box = { position: 'absolute', left: x * CELL, top: y * ROW, width, height };
  if (panel.type === 'row') return <h4 style={box}>{panel.title}</h4>;
  return <div style={box} data-panel={panel.title} data-ready={frames ? 'yes' : 'no'}>
    <PanelChrome title={panel.title} description={panel.description} width={width} height={height}>
      {(iw, ih) => error ? <div className="panel-error" style={{ color: 'red' }}>{error}</div> : frames && <Body {...{ panel, frames, range }} width={iw} height={ih} />}
    </PanelChrome>
  </div>;
}

await initPluginTranslations('gateway-render');
const dashboard = await (await fetch(params.get('dashboard'))).json();
const to = Number(params.get('to')); const from = Number(params.get('from'));
const range = { from, to, step: Math.max(1, Math.ceil((to - from) / 240)) };
const values = { __rate_interval: params.get('rate') ?? '1m', __interval: range.step + 's', __range: Math.round(to - from) + 's', ...JSON.parse(params.get('vars') ?? '{}') };
const panels = dashboard.panels.flatMap((p) => [p, ...(p.type === 'row' ? p.panels ?? [] : [])]);
const bottom = Math.max(...panels.map((p) => p.gridPos.y + p.gridPos.h));
createRoot(document.getElementById('root')).render(
  <ThemeContext.Provider value={theme}><GlobalStyles />
    <div style={{ padding: 8, width: 1416 }}><h2>{dashboard.title}</h2>
      <div style={{ position: 'relative', height: bottom * ROW }}>{panels.map((p) => <Panel key={p.id} panel={p} range={range} values={values} />)}</div>
    </div></ThemeContext.Provider>,
);
