import type { JSX } from 'preact';
import type { DestinationState } from '../src/compose/composed.js';

/** Shapes of states: each differs from the others without its colour. */
const SHAPES: Readonly<Record<DestinationState, JSX.Element>> = {
  up: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  down: <path d="M2 2L10 10M10 2L2 10" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />,
  unknown: (
    <circle
      cx="6"
      cy="6"
      r="4.3"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-dasharray="2.2 1.6"
    />
  ),
  draining: (
    <path
      d="M6 1.7A4.3 4.3 0 1 0 6 10.3Z M6 1.7A4.3 4.3 0 0 1 6 10.3"
      fill="currentColor"
      stroke="currentColor"
      fill-rule="evenodd"
      fill-opacity="0.35"
    />
  ),
  maintenance: (
    <path d="M3.7 1.8V10.2M8.3 1.8V10.2" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" />
  ),
  manual: <path d="M2 2H10V10H2ZM4.2 6H7.8" fill="none" stroke="currentColor" stroke-width="1.8" />,
  kept: <path d="M6 1L11 6L6 11L1 6Z" fill="none" stroke="currentColor" stroke-width="2" />,
};

/** The shape of a state. */
export function StateIcon({ state }: { readonly state: DestinationState }): JSX.Element {
  return (
    <svg class={`icon state-${state}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[state]}
    </svg>
  );
}

/** A state with its shape. */
export function State({ state }: { readonly state: DestinationState }): JSX.Element {
  return (
    <span class={`state state-${state}`}>
      <StateIcon state={state} />
      {state}
    </span>
  );
}
