/** Where a connection's secrets lie. Sealed into each of them: one copied to another row, column or team does not open. */

export const apiKeyPlace = (teamId: string, connectionId: string): string =>
  `integrations.connection/${teamId}/${connectionId}/api_key`;

/** The current webhook secret and the previous one: the previous one is the same ciphertext, moved aside. */
export const webhookSecretPlace = (teamId: string, connectionId: string): string =>
  `integrations.connection/${teamId}/${connectionId}/webhook_secret`;
