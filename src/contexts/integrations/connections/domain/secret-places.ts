/** Where a connection's secrets are stored. Each is sealed with its place, so a copy in another row, column or team does not open. */

export const apiKeyPlace = (teamId: string, connectionId: string): string =>
  `integrations.connection/${teamId}/${connectionId}/api_key`;

/** One place for the current and the previous webhook secret: the previous one is the same ciphertext in another column. */
export const webhookSecretPlace = (teamId: string, connectionId: string): string =>
  `integrations.connection/${teamId}/${connectionId}/webhook_secret`;
