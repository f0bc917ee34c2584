import type { Fields } from '../model/field.js';
import { DAEMON_FIELDS, DESTINATION_FIELDS, SERVICE_FIELDS, TIMEOUT_FIELDS } from '../model/fields.js';

/** The fields of a service. */
export const DESIRED_SERVICE_FIELDS: Fields = {
  ...SERVICE_FIELDS,
  destinations: {
    kind: 'map',
    names: 'destination',
    fields: DESTINATION_FIELDS,
    about: 'Destinations by name. {}: it has none. Left out: those that are there stay as they are.',
  },
  preserve: {
    kind: 'boolean',
    about:
      'Whether an existing service keeps its options; those here are for one that has to be added. Destinations are as declared.',
    byDefault: false,
  },
};

/** Sync daemons by their state. */
const DAEMONS_FIELDS: Fields = {
  master: { kind: 'record', fields: DAEMON_FIELDS, about: 'The daemon that sends connections.' },
  backup: { kind: 'record', fields: DAEMON_FIELDS, about: 'The daemon that takes connections in.' },
};

/** The fields of a document of declared state. */
export const DOCUMENT_FIELDS: Fields = {
  services: {
    kind: 'map',
    names: 'service',
    fields: DESIRED_SERVICE_FIELDS,
    about: 'Services by name.',
    required: true,
  },
  timeouts: {
    kind: 'record',
    fields: TIMEOUT_FIELDS,
    about: 'Timeouts of connections; those left out stay.',
  },
  daemons: {
    kind: 'record',
    fields: DAEMONS_FIELDS,
    about: 'Sync daemons; one that is left out stays, unless everything else is to go.',
  },
};
