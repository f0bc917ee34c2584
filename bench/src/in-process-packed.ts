/** The same restore as `in-process-batch`, by a bulk batch, straight from the text of the rules. */
import { readFileSync } from 'node:fs';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { PlainRules } from '../../packages/cli/dist/ipvsadm/rules/rule-patterns.js';

const rules = readFileSync(0);
const ipvs = IpvsVerbsSync.open({ checks: 'kernel' });
const start = process.cpuUsage();
const batch = ipvs.bulkBatch();
const end = new PlainRules(batch).take(rules, 0);
const refused = batch.settle().length;
const { user, system } = process.cpuUsage(start);
ipvs.close();
process.stdout.write(`${JSON.stringify({ user, system })}\n`);
process.exitCode = end === rules.length && refused === 0 ? 0 : 1;
