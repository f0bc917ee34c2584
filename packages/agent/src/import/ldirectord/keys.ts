/** The keys of ldirectord, and how each is imported. */
import type { Fate } from '../remarks.js';

/** A key of a section. */
interface Key {
  readonly fate: Fate;
  /** What it becomes in the document, or why it does not and what to do instead. */
  readonly about: string;
  /** The form of its value, without which ldirectord rejects the file. */
  readonly form?: RegExp;
}

/** The keys of a section, by name. */
export type Keys = Readonly<Record<string, Key>>;

const NUMBER = /\d/;
const YES_NO = /^(?:yes|no)$/;
const EVENTS = 'the agent runs no commands; follow ipvs-ts events --follow --json';
const MAIL = 'the agent sends no mail; alert on its metrics, or follow ipvs-ts events --follow --json';
const PROCESS = 'about ldirectord as a process; see the unit of ipvs-ts agent';

function taken(about: string, form?: RegExp): Key {
  return { fate: 'taken over', about, ...(form !== undefined && { form }) };
}

function dropped(about: string): Key {
  return { fate: 'dropped', about };
}

/** Keys that may be global or in virtual services. */
const COMMON: Keys = {
  checktimeout: taken('timeout of checks that connect', NUMBER),
  negotiatetimeout: taken('timeout of checks that talk', NUMBER),
  checkcount: taken('fall of ping checks', NUMBER),
  failurecount: taken('fall', NUMBER),
  fallback: taken('health.sorry'),
  fallback6: taken('health.sorry'),
  fallbackcommand: dropped(EVENTS),
  quiescent: taken('health.whenDown: quiesce, and remove without it', YES_NO),
  emailalert: dropped(MAIL),
  emailalertfreq: dropped(MAIL),
  emailalertstatus: dropped(MAIL),
  smtp: dropped(MAIL),
  cleanstop: dropped('the table stays when the agent stops'),
};

const OLD = 'ldirectord refuses the file; it is checktimeout and negotiatetimeout today';

/** Keys outside virtual services. */
export const GLOBAL_KEYS: Keys = {
  ...COMMON,
  checkinterval: taken('interval, failingInterval', NUMBER),
  autoreload: dropped('ipvs-ts agent reload, or the reload of its unit, reads the document again'),
  callback: dropped(EVENTS),
  logfile: dropped('the agent writes to standard output, so to the journal'),
  execute: dropped('import that file too, and join the documents'),
  fork: taken('nothing: the agent runs its checks at once'),
  supervised: dropped(PROCESS),
  readdquiescent: dropped(
    'the agent puts a destination back that somebody removed; drift.missing: report does not',
  ),
  emailalertfrom: dropped(MAIL),
  connecttimeout: dropped(OLD),
  timeout: dropped(OLD),
  maintenancedir: dropped('ipvs-ts maintenance start SERVICE DESTINATION, or a file check'),
};

/** Keys of a virtual service. */
export const VIRTUAL_KEYS: Keys = {
  ...COMMON,
  real: taken('a destination'),
  real6: taken('a destination'),
  request: taken('what a check asks for', /^"..*"/),
  receive: taken('what must come back', /^"..*"/),
  checktype: taken(
    'the type of the checks',
    /^(?:\D*\d+.*|connect|negotiate|ping|off|on|external|external-perl)$/,
  ),
  checkcommand: taken('command of a script check', /./),
  checkinterval: taken('interval, failingInterval, with fork = yes', NUMBER),
  checkport: taken('port of the check', NUMBER),
  login: taken('the login of a check', /^"..*"/),
  passwd: taken('the password of a check', /^"..*"/),
  database: taken('the database of a check', /^"..*"/),
  secret: taken('the secret of a check', /^"..*"/),
  connecttimeout: dropped(OLD),
  load: dropped('ldirectord does not use it'),
  scheduler: taken('scheduler', /[a-z]/),
  persistent: taken('persistence.timeout', NUMBER),
  schedflags: taken('flags', /\S/),
  netmask: taken('persistence.netmask', /^(?:\d+|\d+\.\d+\.\d+\.\d+)$/),
  protocol: taken('protocol in the name of the service', /\w/),
  ops: taken('onePacket', YES_NO),
  service: taken('the kind of negotiate checks', /\w/),
  httpmethod: taken('method', /^(?:get|head)$/i),
  virtualhost: taken('host of http and https checks'),
  monitorfile: dropped('ipvs-ts events and explain show the results of checks'),
  servicename: dropped('events and metrics name services by address'),
  comment: dropped('write it as a comment into the document'),
};
