/** A hint for arguments of `drain` that are written as for `ipvsadm`. */

const PROTOCOLS: Readonly<Record<string, string>> = {
  '-t': 'tcp',
  '--tcp-service': 'tcp',
  '-u': 'udp',
  '--udp-service': 'udp',
  '--sctp-service': 'sctp',
  '-f': 'fwmark',
  '--fwmark-service': 'fwmark',
};
const SERVERS: readonly string[] = ['-r', '--real-server'];

/** The same as arguments of `drain`; undefined if nothing looks like options of ipvsadm. */
export function ipvsadmHint(args: readonly string[], programName: string): string | undefined {
  const words = args.flatMap((each) => split(each));
  let service: string | undefined;
  let destination: string | undefined;
  let looksAlike = false;
  for (const [index, word] of words.entries()) {
    const value = words[index + 1];
    const protocol = PROTOCOLS[word];
    if (SERVERS.includes(word)) {
      looksAlike = true;
      destination = value;
    } else if (protocol !== undefined && (word !== '-t' || (value?.includes(':') ?? false))) {
      looksAlike = true;
      const prefix = protocol === 'fwmark' && words.includes('-6') ? 'fwmark6' : protocol;
      service = value === undefined ? undefined : `${prefix}:${value}`;
    }
  }
  if (!looksAlike) return undefined;
  const example = `${programName} drain ${service ?? 'tcp:192.0.2.10:80'} ${destination ?? '10.0.0.11:80'}`;
  return `A service and a destination are named without ipvsadm's letters (-t is --timeout here): ${example}`;
}

/** `-r=X`, `-rX` and `--real-server=X` as two words. */
function split(word: string): string[] {
  const long = /^(--[a-z-]+)=(.*)$/s.exec(word);
  if (long !== null) return [long[1] ?? '', long[2] ?? ''];
  const short = /^(-[turf])=?(.+)$/s.exec(word);
  return short === null ? [word] : [short[1] ?? '', short[2] ?? ''];
}
