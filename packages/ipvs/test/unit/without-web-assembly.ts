/** Runs `what` as Node does with `--jitless`; asynchronous work as far as it runs at once. */
export function withoutWebAssembly<T>(what: () => T): T {
  const scope = globalThis as { WebAssembly?: unknown };
  const kept = scope.WebAssembly;
  delete scope.WebAssembly;
  try {
    return what();
  } finally {
    scope.WebAssembly = kept;
  }
}
