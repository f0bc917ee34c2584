/** Where an agent has its files by default. */
export const DEFAULT_PATHS = {
  file: '/etc/ipvs-ts/director.yaml',
  runtimeDirectory: '/run/ipvs-ts',
  stateDirectory: '/var/lib/ipvs-ts',
} as const;
