/** Queries, commands and events of integrations. `vendor…` fields hold the vendor's words: for display, never for decisions. */
export * from './contract/vendors.js';
export * from './contract/connections.js';
export * from './contract/orders.js';
export * from './contract/cases.js';
export * from './contract/events.js';
