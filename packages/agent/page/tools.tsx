import type { JSX } from 'preact';
import type { View } from './view.js';

/** The field that filters, and what keys do. */
export function Tools({ view }: { readonly view: View }): JSX.Element {
  const { filter, found } = view;
  const { services, destinations } = found;
  return (
    <div class="tools">
      <h2>Services</h2>
      <label class="field">
        <span class="spoken">Filter by name or state</span>
        <input
          id="filter"
          type="search"
          placeholder="Filter by name or state"
          value={filter}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => (view.filter = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'Enter') {
              event.preventDefault();
              document.getElementById('table')?.focus();
            }
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <span class="found" role="status">
        {filter === ''
          ? ''
          : `${services.toLocaleString('en')} service${services === 1 ? '' : 's'}, ${destinations.toLocaleString('en')} destination${destinations === 1 ? '' : 's'}`}
      </span>
      <span class="keys" aria-hidden="true">
        <kbd>↑</kbd>
        <kbd>↓</kbd> move <kbd>→</kbd> open <kbd>←</kbd> close <kbd>Esc</kbd> clear
      </span>
    </div>
  );
}
