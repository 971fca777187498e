/** The app roles of the API. The server decides; the console only leaves out what would be refused anyway. */
export const roles = ['Uploader', 'Logistics', 'LogisticsLead', 'Sales', 'Analytics', 'Engineering'] as const;

export type Role = (typeof roles)[number];

export const isRole = (value: unknown): value is Role => (roles as readonly unknown[]).includes(value);
