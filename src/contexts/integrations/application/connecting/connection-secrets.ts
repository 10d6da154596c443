import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { Secrets } from '#kernel/ports';
import type { Connection, SealedSecret } from '../../domain/connection.js';
import type { Credentials, Environment, Region } from '../../domain/screening-provider.js';
import { apiKeyPlace, webhookSecretPlace } from '../../domain/secret-places.js';

/** What an admin typed. What they leave out, or blank, stays as it is. */
export interface ConnectionWishes {
  apiKey?: string;
  webhookSecret?: string;
  region?: Region;
  environment?: Environment;
}

/** The connection as it shall be, in clear. Lives for one request and is never logged. */
export interface WantedConnection {
  credentials: Credentials;
  webhookSecret: string;
  keyIsNew: boolean;
  secretIsNew: boolean;
}

type Place = Pick<Connection, 'teamId' | 'id'>;

/** Shorter secrets would be half given away by their end. */
const shortestShown = 8;

/** Opens and seals the secrets of connections. */
@Injectable()
export class ConnectionSecrets {
  constructor(private readonly secrets: Secrets) {}

  /** Throws 422 naming the secrets that are neither given nor saved. */
  wanted(present: Connection | null, wishes: ConnectionWishes): WantedConnection {
    const saved = present && this.savedOf(present);
    const apiKey = wishes.apiKey?.trim() || saved?.apiKey;
    const webhookSecret = wishes.webhookSecret?.trim() || saved?.webhookSecret;
    if (!apiKey || !webhookSecret) throw missing({ api_key: !apiKey, webhook_secret_key: !webhookSecret });
    return {
      credentials: {
        region: wishes.region ?? present?.region ?? 'ca',
        environment: wishes.environment ?? present?.environment ?? 'production',
        apiKey,
      },
      webhookSecret,
      keyIsNew: apiKey !== saved?.apiKey,
      secretIsNew: webhookSecret !== saved?.webhookSecret,
    };
  }

  /** Seals for one connection. A secret that was saved before keeps its date and author, wherever it moves. */
  sealFor(
    { teamId, id }: Place,
    wanted: WantedConnection,
    saved: Connection | null,
    caller: Caller,
    now: Date,
  ): Pick<Connection, 'apiKey' | 'webhookSecret'> {
    const seal = (plain: string, place: string, before: SealedSecret | undefined): SealedSecret => ({
      sealed: this.secrets.seal(plain, place),
      last4: plain.length < shortestShown ? '' : plain.slice(-4),
      savedAt: before?.savedAt ?? now.toISOString(),
      savedBy: before?.savedBy ?? caller.user.id,
    });
    const { credentials, webhookSecret, keyIsNew, secretIsNew } = wanted;
    return {
      apiKey: seal(credentials.apiKey, apiKeyPlace(teamId, id), keyIsNew ? undefined : saved?.apiKey),
      webhookSecret: seal(
        webhookSecret,
        webhookSecretPlace(teamId, id),
        secretIsNew ? undefined : saved?.webhookSecret,
      ),
    };
  }

  private savedOf({ teamId, id, apiKey, webhookSecret }: Connection): { apiKey: string; webhookSecret: string } {
    return {
      apiKey: this.secrets.open(apiKey.sealed, apiKeyPlace(teamId, id)),
      webhookSecret: this.secrets.open(webhookSecret.sealed, webhookSecretPlace(teamId, id)),
    };
  }
}

const labels = { api_key: 'API key', webhook_secret_key: 'Webhook secret key' };

function missing(fields: Record<keyof typeof labels, boolean>): DomainError {
  const names = (Object.keys(labels) as (keyof typeof labels)[]).filter((field) => fields[field]);
  const errors = Object.fromEntries(names.map((field) => [field, [`${labels[field]} is needed the first time.`]]));
  const message = `To connect Certn, please fill in: ${names.map((field) => labels[field]).join(', ')}.`;
  return new DomainError('invalid', 'invalid_request', message, { json: errors });
}
