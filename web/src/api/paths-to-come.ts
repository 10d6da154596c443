/**
 * Routes of the contract that openapi.json does not describe yet. Each goes as soon as it is in schema.ts
 * (`npm run client -w web`).
 */
export interface PathsToCome {
  '/ats/v0/candidates/{id}/anonymise': {
    post: {
      parameters: { path: { id: string } };
      responses: { 204: { headers: Record<string, unknown>; content?: never } };
    };
  };
}
