import type { Definition, Writer } from '@ipvs-ts/netlink';

/** A message of an answer: what follows its generic header. */
export interface Body {
  readonly command: number;
  write(this: void, writer: Writer): void;
}

/** What an extended acknowledgement holds. */
export interface Remark {
  readonly text: string;
  /** Offset of the offending attribute from the start of the request. */
  readonly at?: number | undefined;
  /** The line of the offending attribute. */
  readonly definition?: Definition | undefined;
}

/** The result of a request. */
export interface Result {
  /** 0 for success. */
  readonly errno: number;
  /** One for a "do" with an answer, any number for a dump. */
  readonly bodies?: readonly Body[] | undefined;
  readonly remark?: Remark | undefined;
  /** Whether the kernel sends no answer. */
  readonly silent?: boolean | undefined;
}

export const DONE: Result = { errno: 0 };

/** A result without a body. */
export function refuse(errno: number, remark?: Remark): Result {
  return { errno, remark };
}
