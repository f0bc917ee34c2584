// Checks of what the demo shows.
import type { Report } from './check.js';
import { parseListing } from './listing.js';
import { DOWNLOAD } from './web-server.js';

const service = '192.168.56.128:80';
const servers = ['192.168.0.134:80', '192.168.0.140:80'];
const spare = '192.168.0.150:80';

/** `-ln`: one rr service, both servers by masquerading. Connections are not checked: none were made yet. */
export function checkTable(report: Report, text: string): void {
  const [first, ...others] = parseListing(text);
  report.equal(
    'the table holds the one service, scheduled round robin',
    [first?.words, others.length],
    [['TCP', service, 'rr'], 0],
  );
  report.equal(
    'with both real servers: Masq, weight 1, no connections yet',
    first?.destinations,
    servers.map((server) => [server, 'Masq', '1', '0', '0']),
  );
}

/** Six answers, strictly in turn; the scheduler starts with the server added last. */
export function checkTurns(report: Report, answers: readonly string[]): void {
  const [slave, master] = ['this is slave server', 'this is master server'];
  report.equal('slave and master answer strictly in turn', answers, [
    slave,
    master,
    slave,
    master,
    slave,
    master,
  ]);
}

/** `-ln --stats`: 6 connections, 3 for each server; the service's counters are the sum of the servers'. */
export function checkCounters(report: Report, text: string): void {
  const { service: total, servers: each, sum } = counters(text);
  report.equal(
    '6 connections, 3 for each server',
    [total[0], ...each.map(([connections]) => connections)],
    [6, 3, 3],
  );
  report.check(
    'packets and bytes went both ways',
    total.length === 5 && total.every((value) => value > 0),
    total,
  );
  report.equal('the counters of the service are the sum of those of its servers', total, sum);
}

/** Whether the kernel's counters show the six requests. It does not update those of service and servers at one moment. */
export function countersAreIn(text: string): boolean {
  const { service: total, sum } = counters(text);
  return total[0] === 6 && total.join() === sum.join();
}

function counters(text: string): { service: number[]; servers: number[][]; sum: number[] } {
  const [first] = parseListing(text);
  const total = numbers(first?.words.slice(2));
  const each = (first?.destinations ?? []).map((words) => numbers(words.slice(1)));
  const sum = total.map((_, column) => each.reduce((all, row) => all + (row[column] ?? NaN), 0));
  return { service: total, servers: each, sum };
}

/** `plan`: the scheduler is edited, the spare server is added, nothing else. */
export function checkPlan(report: Report, text: string): void {
  report.equal(
    'the plan has two changes: an edit of the scheduler and an addition',
    text.split('\n').flatMap((line) => (/^[-+~] /.test(line) ? [line.split(': ')[0]] : [])),
    [`~ service tcp:${service}`, `+ destination ${spare} of service tcp:${service}`],
  );
}

/** `-ln --stats` after the change: three servers, and the counters go on. */
export function checkChange(report: Report, text: string): void {
  const [first] = parseListing(text);
  report.equal(
    'the spare server is in the table with the others',
    first?.destinations.map(([server]) => server).toSorted(),
    [...servers, spare].toSorted(),
  );
  report.equal('the counters survived the edit: 6 connections', counters(text).service[0], 6);
}

/** Four answers with weights 1, 1 and 2. */
export function checkShares(report: Report, answers: readonly string[]): void {
  report.equal('the spare server answers two of four, the others one each', answers.toSorted(), [
    'this is master server',
    'this is slave server',
    'this is spare server',
    'this is spare server',
  ]);
}

/** `-ln`: whether a server has weight 0. */
export function isQuiesced(text: string, address: string): boolean {
  return parseListing(text)[0]?.destinations.find(([server]) => server === address)?.[2] === '0';
}

/** `-ln`: the server that has an open connection. */
export function serverOf(text: string): string | undefined {
  const open = parseListing(text)[0]?.destinations.find(([, , , active]) => Number(active) > 0);
  return open?.[0];
}

/** A drain: the download is whole, no request failed or went to the drained server, and the server is gone. */
export function checkDrain(
  report: Report,
  seen: { drained: string; download: string; answers: readonly string[]; listing: string },
): void {
  report.equal('the download is complete', seen.download, `200 ${String(DOWNLOAD.bytes)}`);
  report.check(
    'every request during the drain was answered, by another server',
    seen.answers.length > 0 &&
      seen.answers.every((answer) => answer.startsWith('this is ') && !answer.includes(seen.drained)),
    seen.answers,
  );
  report.equal(
    'the drained server is no longer in the table',
    parseListing(seen.listing)[0]?.destinations.length,
    2,
  );
}

/** `doctor`: it names IP forwarding, with the command that fixes it, and nothing else. */
export function checkDiagnosis(report: Report, text: string): void {
  const findings = text.split('\n').filter((line) => /^(error|warning) /.test(line));
  report.check(
    'the doctor names the fault and nothing else',
    findings.length === 1 && findings[0]?.endsWith('(forwarding-ipv4)') === true,
    findings,
  );
  report.check('it prints the command that fixes it', text.includes('sysctl -w net.ipv4.ip_forward=1'), text);
}

/** `doctor --fix`: no finding is left after the fix. */
export function checkFixed(report: Report, text: string): void {
  report.check('the doctor finds no problem after the fix', /^No problems found/m.test(text), text);
}

/** `-ln --rate`: the same rows with five rates each. */
export function checkRates(report: Report, text: string): void {
  const [first] = parseListing(text);
  const rows = [first?.words.slice(2), ...(first?.destinations ?? []).map((words) => words.slice(1))].map(
    numbers,
  );
  report.check(
    'a row of five rates for the service and for each server, not all of them 0',
    rows.length === 3 &&
      rows.every((row) => row.length === 5 && row.every((rate) => rate >= 0)) &&
      (rows[0] ?? []).some((rate) => rate > 0),
    rows,
  );
}

/** `-ln` after `-C`: the headings and nothing else. */
export function checkEmpty(report: Report, text: string): void {
  report.check(
    'the table is empty',
    text.startsWith('IP Virtual Server version') && parseListing(text).length === 0,
    text,
  );
}

function numbers(words: readonly string[] = []): number[] {
  return words.map(Number);
}
