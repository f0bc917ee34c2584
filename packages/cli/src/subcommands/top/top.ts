/** `top`: a live screen of services and destinations. */
import { parseServiceKey, serviceKeyText } from '@ipvs-ts/ipvs';
import type { Subcommand } from '../framework/subcommand.js';
import { parseDuration } from '../framework/duration.js';
import { Interruption } from '../framework/interruption.js';
import type { SubcommandIo, Screen } from '../framework/io.js';
import { agentClient, SOCKET_OPTION } from '../agent-client/agent-socket.js';
import { followStates } from './follow-states.js';
import { Show, type ShowEnd } from './show.js';
import { UsageError } from '../framework/usage-error.js';

/** The record of the subcommand. */
export const TOP: Subcommand = {
  name: 'top',
  operands: ['[SERVICE…]'],
  summary: 'show services and destinations live, with bars for connections and rates',
  description: [
    'SERVICE is tcp:192.0.2.10:80, udp:[2001:db8::10]:53, sctp:…, fwmark:7 or fwmark6:7; by default all services are shown.',
    'If an agent manages the table, each row has the state that it reports; e shows the reasons. While the agent does not answer at its socket, there are no states.',
    'Keys: / searches names and states (Enter keeps the search, Esc ends it); n w a i c b o sort by name, weight, active, inactive, connections a second, bytes in, bytes out; < and > by the next column; r reverses the order; d shows or hides destinations; m switches between the kernel’s averages of about 8 seconds and rates measured since the last reading; arrows, page up and page down scroll; h explains all of them; q quits.',
    'A service whose destinations have no weight is red, a destination of weight 0 yellow. NO_COLOR=1 switches colour off.',
    'It needs a terminal. Programs use watch --json --samples.',
  ],
  options: {
    interval: {
      short: 'i',
      value: 'TIME',
      help: 'read every TIME (500ms, 2s); 1s by default, 100ms at least',
    },
    socket: SOCKET_OPTION,
  },
  statuses: { 0: 'ended by q', 1: 'error', 130: 'ended by Ctrl-C', 143: 'ended by SIGTERM' },
  failure: 1,
  async run(args, io) {
    const services = args.operands.map((name) => serviceKeyText(parseServiceKey(name, 'SERVICE')));
    const interval = parseDuration('--interval', args.value('interval') ?? '1s', 100);
    refuseDumb(io);
    // Reports a wrong --socket before the terminal is opened.
    agentClient(args, io);
    await using ipvs = await io.open();
    const watch = ipvs.watch({ interval, signal: io.signal, ...(services.length > 0 && { services }) });
    const end: { how: ShowEnd } = { how: 'quit' };
    const show = new Show({ colour: io.stdout.colour, unicode: hasUnicode(io) }, (how) => {
      end.how = how;
      void watch.return();
    });
    const screen = takeScreen(io, show);
    const done = new AbortController();
    const signal = AbortSignal.any([io.signal, done.signal]);
    const following = followStates(args, { signal }, interval, (states) => show.tell(states));
    try {
      show.start(screen);
      for await (const sample of watch) show.show(sample);
    } finally {
      done.abort();
      screen.close();
      await following;
    }
    // In raw mode, Ctrl-C is a key.
    if (end.how === 'quit') return 0;
    return new Interruption(end.how === 'gone' ? 'SIGHUP' : 'SIGINT').status;
  },
};

function takeScreen(io: SubcommandIo, show: Show): Screen {
  const screen = io.openScreen((event) => show.hear(event));
  if (screen === undefined)
    throw new UsageError('it needs a terminal as input and output; programs use watch --json --samples');
  return screen;
}

function refuseDumb({ env }: SubcommandIo): void {
  const term = env['TERM'] ?? '';
  if (term === '' || term === 'dumb')
    throw new UsageError(
      `it needs a terminal that can place its cursor, and TERM is ${term === '' ? 'not set' : term}`,
    );
}

/** Whether the terminal supports more than ASCII, by the character set in the environment. */
function hasUnicode({ env }: SubcommandIo): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (each) => each !== undefined && each !== '',
  );
  return locale !== undefined && /utf-?8/i.test(locale);
}
