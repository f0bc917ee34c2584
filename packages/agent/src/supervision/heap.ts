import { setFlagsFromString } from 'node:v8';

/**
 * Garbage is collected before the heap has grown by a fifth: an agent runs for months, and what it reads every five seconds
 * outlives the quick collections. By default the heap doubles first.
 */
const GROWS_SLOWLY = '--heap-growing-percent=20';
/**
 * The space of young objects stays as small as it is at the start. By default it doubles to 48 MB, which thousands of checks
 * a second fill at once and for no gain: what they leave behind is garbage after milliseconds.
 */
const STAYS_YOUNG = '--semi-space-growth-factor=1';

/** Lets this process use little memory for some CPU time: for a program that runs an agent and little else. */
export function keepHeapSmall(): void {
  try {
    setFlagsFromString(GROWS_SLOWLY);
    setFlagsFromString(STAYS_YOUNG);
  } catch {
    // Other engines have no flags of V8.
  }
}
