import type { Check } from '../facts/check.js';

/** Counters are kept. */
export const estimation: Check = {
  id: 'estimation',
  title: 'Counters and rates are brought up to date',
  severity: 'warning',
  why: 'With run_estimation 0 the kernel adds no counters up. Monitoring then shows a service without traffic.',
  symptom: 'None. --stats and --rate show zeros although traffic flows.',
  *examine({ settings }) {
    if (settings.run_estimation !== 0) return;
    yield {
      found: 'net.ipv4.vs.run_estimation is 0',
      settings: [{ path: 'net/ipv4/vs/run_estimation', value: 1 }],
    };
  },
};
