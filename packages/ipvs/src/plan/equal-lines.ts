/** Compares a table with a document line by line, without creating objects: most of a table is usually as declared. */
import type { CheckedService } from '../document/state.js';
import {
  destinationOf,
  destinationSettingsText,
  serviceSettingsText,
  UNUSUAL,
} from '../format/document-lines.js';
import { familyOf } from '../model/key.js';
import type { DestinationSettings } from '../model/settings.js';

const WEIGHT = / weight: [0-9]+/;

/** Compares lines with a document. The texts of common settings are created once. */
export class DeclaredLines {
  readonly #plainServices = new Map<string, string>();
  readonly #plainDestinations = new Map<string, string | undefined>();

  /** Whether these are the declared settings of the service; false for settings that no document can express. */
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

  /** Whether these are exactly the declared destinations. The lines are sorted, so equal names are adjacent. */
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
      const { name, settings } = destinationOf(lines.slice(at, end));
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
