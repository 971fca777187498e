/** App roles of the Entra registration, as they come in a token's `roles` claim. */
export const roles = ['Uploader', 'Logistics', 'LogisticsLead', 'Sales', 'Analytics', 'Engineering'] as const;

export type Role = (typeof roles)[number];

/** Who a verified token speaks for. `id` is the `oid` claim (or `sub`), stable for the person or identity. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}
