import { DomainError, type ErrorKind } from '#kernel/errors';

/** Errors of which a route may answer one: as its own code makes them, or by their kind where another context makes them. */
export type Refusals = DomainError | readonly [kind: ErrorKind, ...reasons: string[]];

export interface DescribedRefusal {
  kind: ErrorKind;
  reason: string;
}

export const refusalsKey = 'refusals';

/**
 * For the description of the API: what a route is refused with beyond what every route is (`api-document/refusals.ts`). Flow tests
 * fail when a route answers a reason that is not described.
 */
export const Refuses =
  (...refusals: Refusals[]): MethodDecorator & ClassDecorator =>
  (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor) => {
    const described = refusals.flatMap((one): DescribedRefusal[] => {
      if (one instanceof DomainError) return [{ kind: one.kind, reason: one.reason }];
      const [kind, ...reasons] = one;
      return reasons.map((reason) => ({ kind, reason }));
    });
    const place = (descriptor?.value as object | undefined) ?? target;
    const others = (Reflect.getOwnMetadata(refusalsKey, place) ?? []) as DescribedRefusal[];
    Reflect.defineMetadata(refusalsKey, [...others, ...described], place);
  };
