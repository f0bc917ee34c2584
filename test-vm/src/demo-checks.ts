// What the demo's reader should see, as checks.
import type { Report } from './check.js';
import { parseListing } from './listing.js';

const service = '192.168.56.128:80';
const servers = ['192.168.0.134:80', '192.168.0.140:80'];

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
  report.equal('the service counted what its servers did together', total, sum);
}

/** Whether the kernel's counters have caught up. Those of service and servers are not added up at one moment. */
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
