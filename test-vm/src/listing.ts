/** A row of an ipvsadm table: the words of a service line (`TCP 192.0.2.1:80 rr`) and of the lines below it. */
export interface ListedService {
  readonly words: readonly string[];
  readonly destinations: readonly (readonly string[])[];
}

/** Cut a listing (`-ln`, with or without `--stats` or `--rate`) into services and destinations; headings are left out. */
export function parseListing(text: string): ListedService[] {
  const services: { words: string[]; destinations: string[][] }[] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (/^(TCP|UDP|SCTP|FWM)$/.test(words[0] ?? '')) services.push({ words, destinations: [] });
    else if (words[0] === '->' && words[1] !== 'RemoteAddress:Port')
      services.at(-1)?.destinations.push(words.slice(1));
  }
  return services;
}
