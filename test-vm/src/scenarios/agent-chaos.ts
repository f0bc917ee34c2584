import { Play } from '../chaos/play.js';
import { Pulse } from '../chaos/pulse.js';
import { chosenSeed, Random } from '../chaos/random.js';
import { Requests } from '../chaos/requests.js';
import { resultOf, rows } from '../chaos/result.js';
import { build } from '../chaos/stage.js';
import type { Lab, Scenario } from '../lab.js';
import { poll } from '../poll.js';

/** HTTP load through two directors while servers, documents and the programs are harmed. */
async function chaos(lab: Lab, milliseconds: number): Promise<void> {
  const { report } = lab;
  const seed = chosenSeed();
  process.stdout.write(`agent/chaos: IPVS_TS_SEED=${String(seed)}\n`);
  report.say(`IPVS_TS_SEED=${String(seed)}`);
  const stage = await build(lab);
  const directors = [stage.theirs, stage.ours] as const;
  for (const each of directors) await each.start();
  await poll(
    async () =>
      directors.every(({ watch }) => stage.servers.filter(({ name }) => watch.weight(name) > 0).length === 8),
    (all) => all,
    { limit: 300_000 },
  );
  const pulse = new Pulse();
  const requests = await Requests.start(
    stage.client,
    new Map(directors.map(({ address, ipvs }) => [address, ipvs])),
  );
  const play = new Play(stage, new Random(seed));
  let answered: Awaited<ReturnType<Requests['stop']>>;
  try {
    await play.run(milliseconds);
    answered = await requests.stop();
  } finally {
    requests.kill();
    pulse.stop();
  }
  for (const { watch } of directors) await watch.end();
  const [theirs, ours] = directors.map((director) =>
    resultOf(
      director,
      play.outages,
      requests.failed.get(director.address) ?? [],
      answered[director.address] ?? 0,
      pulse,
    ),
  ) as [ReturnType<typeof resultOf>, ReturnType<typeof resultOf>];
  report.say(JSON.stringify(play.done));
  report.say(['| | keepalived | the agent |', '| --- | --- | --- |', ...rows([theirs, ours])].join('\n'));
  report.check('requests were answered', ours.answered > milliseconds / 100, ours.answered);
  report.check('servers were dead or hung', ours.verdicts.length >= milliseconds / 20_000, play.done);
  report.equal('no request fails but on a server that was not found yet', ours.inexcusable, []);
  report.equal('every dead or hung server is found', ours.missed, []);
  report.equal('in time', ours.late, []);
  report.equal('and gets no weight before it answers again', ours.backFor, 0);
  report.check(
    'requests failed on servers that were not found yet, so this test can tell',
    ours.excused.length > 0,
    ours.excused,
  );
}

/** Five minutes of harm, and a part of them. */
export const agentChaosScenarios: readonly Scenario[] = [
  {
    name: 'agent/chaos',
    title:
      'five minutes of dead, hung and replaced servers, new documents and kill -9, under HTTP load, beside keepalived',
    alone: true,
    run: (lab) => chaos(lab, 300_000),
  },
  {
    name: 'agent/short-chaos',
    title: 'a minute of the same',
    alone: true,
    run: (lab) => chaos(lab, 60_000),
  },
];
