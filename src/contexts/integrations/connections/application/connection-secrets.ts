import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError, invalidField, UnreadableSecret } from '#kernel/errors';
import { Secrets } from '#kernel/ports';
import type { Vendor } from '../../gateway/domain/vendor.js';
import type { Credentials, Environment } from '../../gateway/domain/vendor-terms.js';
import type { Connection, SealedSecret } from '../domain/connection.js';
import { apiKeyPlace, webhookSecretPlace } from '../domain/secret-places.js';

/** What an admin entered. A field that is missing or blank stays as it is. */
export interface ConnectionInput {
  apiKey?: string;
  webhookSecret?: string;
  region?: string;
  environment?: Environment;
}

/** The connection to save, with secrets in plain text. Exists for one request and is never logged. */
export interface WantedConnection {
  vendor: string;
  credentials: Credentials;
  webhookSecret: string;
  keyIsNew: boolean;
  secretIsNew: boolean;
  /** The saved webhook secret cannot be opened, so it is not kept as the previous one. */
  savedSecretDamaged: boolean;
}

interface Saved {
  plain: string | undefined;
  damaged: boolean;
}

type Place = Pick<Connection, 'teamId' | 'id'>;

/** The last four characters of a shorter secret would reveal too much of it. */
const shortestShown = 8;

/** Opens and seals the secrets of connections. */
@Injectable()
export class ConnectionSecrets {
  constructor(private readonly secrets: Secrets) {}

  /**
   * `present`: the team's current connection to this vendor. Throws 422 naming the secrets that are neither given nor saved, and those entered in the wrong field. A saved secret that
   * cannot be opened is an error only when none is given: entering it again fixes it.
   */
  wanted(vendor: Vendor, present: Connection | null, input: ConnectionInput): WantedConnection {
    const given = { apiKey: input.apiKey?.trim(), webhookSecret: input.webhookSecret?.trim() };
    mustBeInPlace(vendor, given);
    mustHavePlace(vendor, input);
    const savedKey = present && this.saved(present.apiKey, apiKeyPlace(present.teamId, present.id), given.apiKey);
    const savedSecret =
      present && this.saved(present.webhookSecret, webhookSecretPlace(present.teamId, present.id), given.webhookSecret);
    const apiKey = given.apiKey || savedKey?.plain;
    const webhookSecret = given.webhookSecret || savedSecret?.plain;
    if (!apiKey || !webhookSecret) throw missing(vendor, { api_key: !apiKey, webhook_secret_key: !webhookSecret });
    return {
      vendor: vendor.id,
      credentials: {
        region: input.region ?? present?.region ?? vendor.regions[0]?.id ?? '',
        environment: input.environment ?? present?.environment ?? vendor.environments[0],
        apiKey,
      },
      webhookSecret,
      keyIsNew: apiKey !== savedKey?.plain,
      secretIsNew: webhookSecret !== savedSecret?.plain,
      savedSecretDamaged: savedSecret?.damaged ?? false,
    };
  }

  /** Seals the secrets for one connection. A secret that was saved before keeps its date and author, also in a new connection. */
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

  private saved({ sealed }: SealedSecret, place: string, given: string | undefined): Saved {
    try {
      return { plain: this.secrets.open(sealed, place), damaged: false };
    } catch (error) {
      if (!given || !(error instanceof UnreadableSecret)) throw error;
      return { plain: undefined, damaged: error.why === 'damaged' };
    }
  }
}

/** Regions and environments differ from vendor to vendor. */
function mustHavePlace({ name, regions, environments }: Vendor, { region, environment }: ConnectionInput): void {
  const ids = regions.map(({ id }) => id);
  if (region !== undefined && !ids.includes(region)) {
    const message = ids.length === 0 ? `${name} has no regions.` : `${name} has these regions: ${ids.join(', ')}.`;
    throw invalidField('region', 'invalid_request', message);
  }
  if (environment !== undefined && !environments.includes(environment)) {
    const message = `${name} has these environments: ${environments.join(', ')}.`;
    throw invalidField('environment', 'invalid_request', message);
  }
}

/** Checks the form of the secrets before anything is sent. */
function mustBeInPlace(
  { account }: Vendor,
  { apiKey = '', webhookSecret = '' }: { apiKey?: string; webhookSecret?: string },
): void {
  const errors: Record<string, string[]> = {};
  if (account.secretFormOf(apiKey) === 'webhook_secret') {
    errors.api_key = ['This is a webhook secret key. Enter the API key here.'];
  }
  if (account.secretFormOf(webhookSecret) === 'api_key' || (apiKey !== '' && apiKey === webhookSecret)) {
    errors.webhook_secret_key = ['This is an API key. Enter the webhook secret key here.'];
  }
  const [message] = Object.values(errors).flat();
  if (message !== undefined) throw new DomainError('invalid', 'wrong_secret', message, { json: errors });
}

const inSentence = { api_key: 'API key', webhook_secret_key: 'webhook secret key' };

function missing(vendor: Vendor, fields: Record<keyof typeof inSentence, boolean>): DomainError {
  const names = (Object.keys(inSentence) as (keyof typeof inSentence)[]).filter((field) => fields[field]);
  const errors = Object.fromEntries(names.map((field) => [field, [`Enter the ${inSentence[field]}`]]));
  const message = `To connect ${vendor.name}, enter the ${names.map((field) => inSentence[field]).join(' and the ')}.`;
  return new DomainError('invalid', 'invalid_request', message, { json: errors });
}
