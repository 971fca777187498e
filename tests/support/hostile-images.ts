/** Images that mean harm or came to harm, made by code: what each is and what must become of it. */
export * from './hostile/crafted.ts';
export * from './hostile/damaged.ts';
