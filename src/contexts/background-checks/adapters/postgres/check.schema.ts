import { EntitySchema, raw } from '@mikro-orm/core';
import { BackgroundCheck } from '../../domain/background-check.js';

const time = { type: 'datetime', length: 3 } as const;
const maybe = { nullable: true } as const;

/** Columns that the domain does not know. */
interface Bookkeeping {
  version: number;
  /** The transaction that saved last, for live updates of replicas before 0.6. 0.8 may drop it, with its index. */
  changedXid: unknown;
}

const thisTransaction = () => raw('pg_current_xact_id()');

export const checkSchema = new EntitySchema<BackgroundCheck & Bookkeeping>({
  class: BackgroundCheck as unknown as new () => BackgroundCheck & Bookkeeping,
  schema: 'background_checks',
  tableName: 'background_check',
  properties: {
    teamId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    applicationId: { type: 'uuid' },
    candidateId: { type: 'uuid' },
    jobId: { type: 'uuid' },
    jobStageItemId: { type: 'uuid' },
    vendor: { type: 'text' },
    packageId: { type: 'text' },
    packageName: { type: 'text' },
    sentTo: { type: 'text', ...maybe },
    requestedBy: { type: 'uuid' },
    requestedAt: time,
    status: { type: 'text' },
    result: { type: 'text', ...maybe },
    statusChangedAt: time,
    failureReason: { type: 'text', ...maybe },
    failureMessage: { type: 'text', ...maybe },
    failureCandidates: { type: 'array', columnType: 'text[]' },
    caseId: { type: 'text', ...maybe },
    shortId: { type: 'text', ...maybe },
    vendorStatus: { type: 'text', ...maybe },
    vendorScore: { type: 'text', ...maybe },
    portalUrl: { type: 'text', ...maybe },
    environment: { type: 'text', ...maybe },
    caseRevision: { type: 'integer' },
    confirmedAt: { ...time, ...maybe },
    cancelRequestedAt: { ...time, ...maybe },
    holdsSlot: { type: 'boolean' },
    replacesId: { type: 'uuid', ...maybe },
    replacedById: { type: 'uuid', ...maybe },
    erasedAt: { ...time, ...maybe },
    settledAt: { ...time, ...maybe },
    resultRemovedAt: { ...time, ...maybe },
    revision: { type: 'integer' },
    version: { type: 'integer', version: true },
    changedXid: { type: 'any', columnType: 'xid8', lazy: true, onCreate: thisTransaction, onUpdate: thisTransaction },
    createdAt: time,
    updatedAt: time,
  },
});
