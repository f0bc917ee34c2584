/** `watch`: changes of the table as they happen. */
import { parseServiceKey, serviceKeyText, type WatchSample } from '@ipvs-ts/ipvs';
import type { Subcommand } from '../framework/subcommand.js';
import { parseDuration } from '../framework/duration.js';
import type { SubcommandIo } from '../framework/io.js';
import { UsageError } from '../framework/usage-error.js';
import { jsonLines, sampleLine, sampleText } from './watch-text.js';

/** The record of the subcommand. */
export const WATCH: Subcommand = {
  name: 'watch',
  operands: ['[SERVICE…]'],
  summary: 'print what is added, removed and edited in the table, a line each, as it happens',
  description: [
    'SERVICE is tcp:192.0.2.10:80, udp:[2001:db8::10]:53, sctp:…, fwmark:7 or fwmark6:7; by default all services are watched. A service may be one that does not exist yet.',
    'The table is read every TIME and compared with the last reading: IPVS does not report changes, nor who made them. What is added and removed between two readings is not seen.',
    'While the table changes, a reading of more than about a hundred services may miss some, which then show as removed and added. With --verified they do not, and the kernel is asked at least twice as often.',
    'It ends after --count readings, by a signal, or when nobody reads its output any more.',
  ],
  options: {
    interval: {
      short: 'i',
      value: 'TIME',
      help: 'read every TIME (500ms, 5s, 1m); 1s by default, 10ms at least',
    },
    count: {
      short: 'c',
      value: 'N',
      help: 'end after N readings; the first one is what others are compared with',
    },
    json: { help: 'write a line of JSON for every change' },
    samples: { help: 'with --json: also a line for every reading, with all settings, totals and rates' },
    verified: { help: 'read each time until two readings agree' },
  },
  statuses: { 0: 'ended by --count', 1: 'error', 130: 'ended by Ctrl-C', 143: 'ended by SIGTERM' },
  failure: 1,
  async run(args, io) {
    const services = args.operands.map((name) => serviceKeyText(parseServiceKey(name, 'SERVICE')));
    const interval = parseDuration('--interval', args.value('interval') ?? '1s', 10);
    const count = readingCount(args.value('count'));
    const [json, samples] = [args.has('json'), args.has('samples')];
    if (samples && !json) throw new UsageError('--samples needs --json');
    await using ipvs = await io.open();
    const consistency = args.has('verified') ? 'verified' : 'single';
    const options = {
      interval,
      signal: io.signal,
      consistency,
      ...(services.length > 0 && { services }),
    } as const;
    let readings = 0;
    for await (const sample of ipvs.watch(options)) {
      readings += 1;
      if (readings === 1 && io.stderr.terminal) await io.stderr.write(`${subjectText(sample, interval)}\n`);
      await print(sample, io, json, samples);
      if (readings === count) return 0;
    }
    // The readings can also end without an error when a signal comes.
    io.signal.throwIfAborted();
    return 0;
  },
};

async function print(sample: WatchSample, io: SubcommandIo, json: boolean, samples: boolean): Promise<void> {
  const lines = json ? jsonLines(sample) : sampleText(sample, io.stdout.colour);
  if (samples) lines.push(sampleLine(sample));
  if (lines.length > 0) await io.stdout.write(`${lines.join('\n')}\n`);
}

function subjectText({ services }: WatchSample, interval: number): string {
  const destinations = services.reduce((sum, each) => sum + each.destinations.length, 0);
  return `watching every ${interval} ms: ${services.length} service(s), ${destinations} destination(s) now; Ctrl-C ends`;
}

function readingCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^[0-9]+$/.test(text) || number < 1 || !Number.isSafeInteger(number))
    throw new UsageError(`--count ${JSON.stringify(text)}: a whole number from 1`);
  return number;
}
