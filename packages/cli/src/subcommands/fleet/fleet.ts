/** `fleet`: the documents of many directors, in their store. */
import type { Subcommand } from '../framework/subcommand.js';
import { askedAction } from '../agent-client/command-json.js';
import { diff } from './diff.js';
import { put } from './put.js';
import { rollback } from './rollback.js';
import { status } from './status.js';

/** The record of `fleet`. */
export const FLEET: Subcommand = {
  name: 'fleet',
  operands: ['status|put|diff|rollback', '[REVISION]'],
  actions: {
    status: askedAction(status),
    put: askedAction(put),
    diff: askedAction(diff),
    rollback: askedAction(rollback, ['[REVISION]']),
  },
  summary: 'show the directors of a fleet, and put documents into force on all of them',
  description: [
    'The directors of a fleet follow a document in etcd, whose address is in agent.source.etcd of their files. --store FILE sets such a file; that of this host is the default.',
    'status: prints every director with the document that it follows, and where directors disagree.',
    'diff: prints what FILE would change in the document in force.',
    'put: prints the difference, asks, and puts FILE into force. It fails if somebody else has put another document meanwhile, and if FILE removes more than agent.limits.maxRemoval, unless --allow-removals is set. With --canary one director uses it first; the others follow if no destination goes down there within the time of --bake, even if this command has ended by then.',
    'rollback: puts an earlier document into force, the previous one by default, and ends the trial of a canary.',
  ],
  options: {
    file: {
      actions: ['put', 'diff'],
      short: 'f',
      value: 'FILE',
      help: 'put, diff: the document; - is standard input',
    },
    store: { value: 'FILE', help: 'the file of a director, which has the address of the store' },
    yes: { actions: ['put', 'rollback'], short: 'y', help: 'put, rollback: do not ask' },
    'allow-removals': {
      actions: ['put'],
      help: 'put: even if it removes many destinations, or several services',
    },
    canary: { actions: ['put'], value: 'ID', help: 'put: this director uses it first' },
    bake: {
      actions: ['put'],
      value: 'TIME',
      help: 'put: how long it must work well on the canary; 60s by default',
    },
    json: { help: 'print JSON' },
  },
  statuses: {
    0: 'status: all directors follow the current document; diff: no difference; put, rollback: done',
    1: 'cannot tell, or not done',
    2: 'status: not all directors follow it; diff: FILE differs',
  },
  failure: 1,
};
