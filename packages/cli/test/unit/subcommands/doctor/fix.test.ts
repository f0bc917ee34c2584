import { expect } from 'chai';
import type { Finding } from '@ipvs-ts/director';
import { fix } from '../../../../dist/subcommands/doctor/fix.js';

/** A finding with commands; if it is safe, they are of settings: `net.no_such_setting=1`. */
const finding = (fix: string[], safe: boolean, more: Partial<Finding> = {}): Finding => ({
  services: [],
  destinations: [],
  perhaps: false,
  settings: safe ? fix.map(settingOf) : [],
  id: 'x',
  severity: 'error',
  found: 'found',
  why: 'why',
  symptom: 'symptom',
  on: 'director',
  fix,
  safe,
  ...more,
});

function settingOf(command: string): Finding['settings'][number] {
  const [name = '', value = ''] = command.replace('sysctl -w ', '').split('=');
  return { path: name.includes('/') ? name : name.replaceAll('.', '/'), value: Number(value) };
}

/** A setting that no kernel has: nothing is written whoever runs this. */
const NOWHERE = 'sysctl -w net.no_such_setting=1';

async function fixed(...findings: Finding[]): Promise<{ lines: string[]; fixed: number; failed: string[] }> {
  const lines: string[] = [];
  const result = await fix(findings, async (line) => {
    lines.push(line);
  });
  return { lines, fixed: result.fixed.length, failed: result.failed.map(({ reason }) => reason) };
}

describe('doctor --fix', () => {
  it('reports a setting that cannot be written, tries it once for all findings, and continues', async () => {
    const other = finding(['sysctl -w net.no_such_either=1'], true);
    const result = await fixed(finding([NOWHERE], true), finding([NOWHERE], true), other);
    expect(result.fixed).to.equal(0);
    expect(result.failed).to.have.lengthOf(3);
    for (const reason of result.failed) expect(reason).to.match(/^ENOENT.*\/proc\/sys\/net\/no_such_/);
    expect(result.lines.filter((line) => line.startsWith('Running: '))).to.deep.equal([
      `Running: ${NOWHERE}`,
      'Running: sysctl -w net.no_such_either=1',
    ]);
    expect(result.lines.filter((line) => line.startsWith('Failed: '))).to.have.lengthOf(2);
  });

  it('prints unsafe commands, each once and with its place, and runs none of them', async () => {
    const result = await fixed(
      finding(['reboot', NOWHERE], false),
      finding(['reboot'], false),
      finding(['ip route replace default via 10.0.0.1'], false, { on: 'destination' }),
    );
    expect(result).to.deep.equal({
      lines: [
        'Not run: reboot',
        `Not run: ${NOWHERE}`,
        'Not run: ip route replace default via 10.0.0.1   (on the real server)',
      ],
      fixed: 0,
      failed: [],
    });
  });

  it('runs nothing but settings, whatever a finding says', async () => {
    for (const command of [
      'reboot',
      'sysctl -w a=b',
      'sysctl -w a=1; reboot',
      'sysctl -w ../../x=1',
      'sysctl -w net/../../x=1',
    ]) {
      const { failed } = await fixed(finding([command], true));
      expect(failed[0], command).to.match(/is no setting of the network|finding\.settings/);
    }
  });

  it('does nothing if nothing was found', async () => {
    expect(await fixed()).to.deep.equal({ lines: [], fixed: 0, failed: [] });
  });
});
