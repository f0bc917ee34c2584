import { readFileSync } from 'node:fs';
import { diagnose } from '@ipvs-ts/director';
import { plans } from '../bench.js';
import type { Lab, Scenario } from '../lab.js';

/** A block of shell, and the host that its first line names. */
interface Block {
  readonly on: string;
  readonly text: string;
}

/** A section of docs/modes.md. */
interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Sections of a document with blocks whose first line is `# on the …`. */
function sections(markdown: string): Section[] {
  return markdown
    .split(/^##+ /m)
    .slice(1)
    .map((text) => ({
      title: (text.split('\n')[0] ?? '').trim(),
      blocks: Array.from(text.matchAll(/^```sh\n# on (.*)\n([\s\S]*?)^```$/gm), ([, on = '', body = '']) => ({
        on,
        text: body,
      })),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}

/** Hosts with their addresses, and nothing of a mode set up. */
function bareHosts(title: string): (typeof plans)['nat'] {
  if (title.startsWith('Direct')) return bare(plans.dr);
  return bare(title.startsWith('NAT') || title.startsWith('FULLNAT') ? plans.nat : plans.tun);
}

function bare({ hosts, networks }: (typeof plans)['nat']): (typeof plans)['nat'] {
  const { client, near, director, one, two } = hosts;
  const { eth0 = [], ...others } = director.interfaces;
  const withoutVip = { interfaces: { eth0: eth0.filter((address) => !address.endsWith('/32')), ...others } };
  return {
    hosts: {
      client,
      near,
      director: withoutVip,
      one: { interfaces: one.interfaces },
      two: { interfaces: two.interfaces },
    },
    networks,
  };
}

async function follow(lab: Lab, { title, blocks }: Section): Promise<void> {
  const { client, near, director, one, two } = await lab.build(bareHosts(title));
  await Promise.all([lab.serve(one, 'one'), lab.serve(two, 'two')]);
  for (const { on, text } of blocks) {
    if (on === 'the client') {
      const pages = (await client.sh(text)).trim().split('\n');
      lab.report.equal(`${title}: each server answers once`, pages.sort(), ['one', 'two']);
    } else {
      const hosts = { 'the director': [director], 'each real server': [one, two] }[on];
      if (hosts === undefined) throw new Error(`docs/modes.md: a block on ${on}, which there is not`);
      await Promise.all(hosts.map((host) => host.sh(text)));
    }
  }
  if (title.startsWith('FULLNAT')) {
    lab.report.equal(
      'a client on the servers’ network is served',
      (await lab.ask(near, 'http://192.0.2.10/', 2)).sort(),
      ['one', 'two'],
    );
  }
  const { findings } = await diagnose(await lab.ipvs(director), { netns: director.path });
  lab.report.equal('doctor finds nothing', findings, []);
}

const document = readFileSync(new URL('../../../docs/modes.md', import.meta.url), 'utf8');

/** docs/modes.md, section by section, as written. */
export const modeScenarios: readonly Scenario[] = sections(document).map((section) => {
  const word = (/^[A-Za-z]+/.exec(section.title)?.[0] ?? '').toLowerCase();
  return {
    name: `modes/${word === 'ip' ? 'ipip' : word}`,
    title: `docs/modes.md: ${section.title}`,
    quick: true,
    needs: word === 'fullnat' ? 'nat-table' : undefined,
    run: (lab) => follow(lab, section),
  };
});
