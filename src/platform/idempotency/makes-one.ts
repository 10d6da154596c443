import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Refuses } from '../http/refuses.js';
import { idempotencyInProgress, idempotencyKeyReused } from './errors.js';
import { idempotencyKey } from './idempotency-key.js';
import { makesOneKey, type MakesOneMark, RepeatedRequests } from './repeated-requests.js';

type Reads<Name extends string> = Record<Name, (caller: Caller, id: Id) => unknown>;

/**
 * For a POST that makes one thing. With an `Idempotency-Key` it makes it once: repeats within `IDEMPOTENCY_HOURS` get it as `read`
 * returns it then, with `Idempotent-Replayed: true`.
 *
 * - `action`: the use case writes this audit entry once, in the transaction that makes the thing, and the entry's id is the thing's id.
 * - `read`: a method of the controller, `(caller, id)`. What it `Requires` is checked again. A secret that only the first answer shows
 *   is null there: nothing of an answer is stored, so a repeat cannot show it. 404 when the caller sees the thing no more.
 */
export const MakesOne =
  <Name extends string>(action: string, read: Name) =>
  <C extends Reads<Name>>(controller: C, name: string, method: PropertyDescriptor): void => {
    const mark: MakesOneMark = { action, read };
    applyDecorators(
      SetMetadata(makesOneKey, mark),
      UseInterceptors(RepeatedRequests),
      ApiHeader(idempotencyKey),
      Refuses(idempotencyInProgress(), idempotencyKeyReused(), notFound()),
    )(controller, name, method);
  };
