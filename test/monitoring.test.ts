import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CASES } from './monitoring/alert-cases.js';
import { ALERTS } from './monitoring/alerts.js';
import { dashboard, PANEL_EXPRESSIONS } from './monitoring/dashboard.js';
import { unknownIn } from './monitoring/expression.js';
import { AGENT_METRICS, TABLE_METRICS } from './monitoring/metric-table.js';
import { CHECKOUT } from './source-files.js';

const { needsPromtool } = (await import(
  String(new URL('../../packages/ipvs/dist-test/unit/format/promtool.js', import.meta.url))
)) as { readonly needsPromtool: (test: Mocha.Context) => void };

const RULES = join(CHECKOUT, 'packages/agent/prometheus/ipvs-ts.rules.yml');

describe('alert rules and dashboard', () => {
  it('use only names and labels of the table of metrics', () => {
    for (const { name, expression, summary, description } of ALERTS) {
      expect(unknownIn(expression), name).to.deep.equal([]);
      for (const [, label = ''] of `${summary} ${description}`.matchAll(/\$labels\.(\w+)/g))
        expect(unknownIn(`x by (${label}) (${expression})`), name).to.deep.equal([]);
    }
    for (const expression of PANEL_EXPRESSIONS) {
      expect(expression).to.match(/\bipvs_/);
      expect(unknownIn(expression), expression).to.deep.equal([]);
    }
    const { templating, panels } = JSON.parse(dashboard()) as {
      templating: { list: { query: string }[] };
      panels: { targets?: { expr: string; legendFormat: string }[] }[];
    };
    for (const { query } of templating.list) expect(unknownIn(query), query).to.deep.equal([]);
    for (const { expr, legendFormat } of panels.flatMap(({ targets = [] }) => targets))
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(unknownIn(`x by (${label}) (${expr})`), `${legendFormat} of ${expr}`).to.deep.equal([]);
  });

  it('would fail the check otherwise', () => {
    expect(unknownIn('ipvs_conections_total')).to.deep.equal(['ipvs_conections_total']);
    expect(unknownIn('sum by (scheduler) (ipvs_connections_total)')).to.deep.equal(['scheduler']);
    expect(unknownIn('ipvs_services{service="x"}')).to.deep.equal(['ipvs_services{service}']);
  });

  it('have a case in which each alert fires, and one in which it does not', () => {
    for (const { name } of ALERTS) {
      const cases = CASES.filter(({ alert }) => alert === name);
      expect(
        cases.some(({ fires }) => fires.length > 0) && cases.some(({ fires }) => fires.length === 0),
        name,
      ).to.equal(true);
    }
  });

  it('have metrics whose names say type and unit', () => {
    for (const { name, type, help } of [...TABLE_METRICS, ...AGENT_METRICS]) {
      expect(name.endsWith('_total'), name).to.equal(type === 'counter');
      expect(help, name).to.match(/^[A-Z].*\.$/);
    }
  });

  it('pass promtool without a finding, and fire when they should', function () {
    needsPromtool(this);
    this.timeout(60_000);
    const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-rules-'));
    try {
      const file = join(directory, 'cases.json');
      writeFileSync(file, JSON.stringify(promtoolTests()));
      execFileSync('promtool', ['check', 'rules', RULES], { stdio: 'pipe' });
      const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
      expect(status, stdout + stderr).to.equal(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

/** The cases as `promtool test rules` reads them: JSON is YAML. */
function promtoolTests(): object {
  return {
    rule_files: [RULES],
    evaluation_interval: '30s',
    tests: CASES.map(({ alert, title, series, at, fires }) => ({
      name: `${alert}: ${title}`,
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [
        {
          // Which of them fire: the annotations of an alert have numbers that no case is about.
          expr: `ALERTS{alertname="${alert}", alertstate="firing"}`,
          eval_time: at,
          exp_samples: fires.map((labels) => ({ labels: firing(alert, labels), value: 1 })),
        },
      ],
    })),
  };
}

function firing(alert: string, labels: Readonly<Record<string, string>>): string {
  const { severity = '' } = ALERTS.find(({ name }) => name === alert) ?? {};
  const all = { ...labels, alertname: alert, alertstate: 'firing', severity };
  return `ALERTS{${Object.entries(all)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;
}
