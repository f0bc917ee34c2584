/** Comparing a table with a document line by line, which makes no objects: most of what a plan reads is as declared. */
import type { CheckedService } from '../document/state.js';
import { destinationSettingsText, serviceSettingsText, UNUSUAL } from '../format/document-lines.js';
import { familyOf } from '../model/key.js';
import type { DestinationSettings } from '../model/settings.js';

/** Blanks in front of the lines of services and destinations. */
const SERVICE_INDENT = 2;
const DESTINATION_INDENT = 6;

const WEIGHT = / weight: [0-9]+/;

/** A line, split behind the name. */
export interface NamedLine {
  readonly name: string;
  readonly settings: string;
}

/** The name of a service in its lines, and its settings. */
export function serviceOf(lines: string): NamedLine {
  return split(lines, ':\n', SERVICE_INDENT);
}

/** Names of IPv6 stand in quotes. */
function split(line: string, behind: string, indent: number): NamedLine {
  const end = line.indexOf(behind);
  const quoted = line.startsWith('"', indent) ? 1 : 0;
  return { name: line.slice(indent + quoted, end - quoted), settings: line.slice(end) };
}

/** Compares lines with what a document declares. The texts of settings that many have are made once. */
export class DeclaredLines {
  readonly #plainServices = new Map<string, string>();
  readonly #plainDestinations = new Map<string, string | undefined>();

  /** Whether these are the settings of the service as declared; false where it has something that no document says. */
  isService({ located, settings }: CheckedService, text: string): boolean {
    const { scheduler, flags, onePacket, persistence } = settings;
    const isPlain = flags.length === 0 && !onePacket && persistence === undefined;
    let declared = isPlain ? this.#plainServices.get(scheduler) : undefined;
    if (declared === undefined) {
      declared = serviceSettingsText(settings, familyOf(located.key));
      if (isPlain) this.#plainServices.set(scheduler, declared);
    }
    return text === declared && !text.includes(UNUSUAL);
  }

  /** Whether these are all the declared destinations. The lines are in an order that puts equal names side by side. */
  areDestinations(
    declared: NonNullable<CheckedService['destinations']>,
    lines: string,
    keepsWeights: boolean,
  ): boolean {
    if (lines.includes(UNUSUAL)) return false;
    let count = 0;
    let before = '';
    for (let at = 0; at < lines.length; count++) {
      const end = lines.indexOf('\n', at) + 1;
      const { name, settings } = split(lines.slice(at, end), ': {', DESTINATION_INDENT);
      const wanted = declared.get(name);
      if (wanted === undefined || name === before) return false;
      const text = this.#destinationText(wanted.settings);
      const isEqual = keepsWeights
        ? text?.replace(WEIGHT, '') === settings.replace(WEIGHT, '')
        : text === settings;
      if (!isEqual) return false;
      before = name;
      at = end;
    }
    return count === declared.size;
  }

  #destinationText(settings: DestinationSettings): string | undefined {
    const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = settings;
    if (upperThreshold > 0 || lowerThreshold > 0 || tunnel !== undefined)
      return destinationSettingsText(settings);
    const key = `${forwarding} ${weight}`;
    const known = this.#plainDestinations.get(key);
    if (known !== undefined) return known;
    const text = destinationSettingsText(settings);
    this.#plainDestinations.set(key, text);
    return text;
  }
}
