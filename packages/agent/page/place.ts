/** Where a line is drawn. */
export interface Place {
  readonly id: string;
  readonly 'aria-rowindex': number;
  readonly style: { readonly top: string; readonly height: string };
}
