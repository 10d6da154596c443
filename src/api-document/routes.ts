import type { Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  actKey,
  publicKey,
  recentSignInKey,
  type Requirement,
  requirementKey,
  type RouteScope,
  scopeKey,
} from '../platform/auth/requires.js';
import { Paging } from '../platform/http/paging.js';
import { type DescribedRefusal, refusalsKey } from '../platform/http/refuses.js';
import { type Deprecation, marksOfHandler } from '../platform/http/route-marks.js';
import { versionedKey } from '../platform/http/version.interceptor.js';

/** What the code says about a route: its guards' marks, and what it takes. */
export interface Route {
  isPublic: boolean;
  requirement: Requirement | undefined;
  /** Absent: only people may call it. */
  scope: RouteScope | undefined;
  needsRecentSignIn: boolean;
  isLimitedPerTeam: boolean;
  isPaged: boolean;
  /** It reads or changes one thing that has versions. */
  isVersioned: boolean;
  deprecations: readonly Deprecation[];
  refusals: DescribedRefusal[];
}

/** The routes of the application by their operation id. Throws when two have the same. */
export function routesOf(app: NestFastifyApplication): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const { metatype } of app.get(DiscoveryService).getControllers()) {
    if (!metatype) continue;
    const prototype = metatype.prototype as Record<string, object>;
    for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
      const handler = prototype[name];
      const { operationId } = (handler && read<{ operationId?: string }>('swagger/apiOperation', handler)) ?? {};
      if (!handler || operationId === undefined) continue;
      if (routes.has(operationId)) throw new Error(`Two routes have the operation id ${operationId}.`);
      routes.set(operationId, routeOf(metatype as Type, name, handler));
    }
  }
  return routes;
}

function routeOf(controller: Type, name: string, handler: object): Route {
  const either = <T>(key: string): T | undefined => read<T>(key, handler) ?? read<T>(key, controller);
  const of = (key: string): DescribedRefusal[] => [
    ...(read<DescribedRefusal[]>(key, handler) ?? []),
    ...(read<DescribedRefusal[]>(key, controller) ?? []),
  ];
  return {
    isPublic: either<boolean>(publicKey) ?? false,
    requirement: either<Requirement>(requirementKey),
    scope: either<RouteScope>(scopeKey),
    needsRecentSignIn: either<boolean>(recentSignInKey) ?? false,
    isLimitedPerTeam: either(actKey) !== undefined,
    isPaged: queryOf(controller, name)?.prototype instanceof Paging || queryOf(controller, name) === Paging,
    isVersioned: read(versionedKey, handler) !== undefined,
    deprecations: marksOfHandler(handler).deprecated ?? [],
    refusals: of(refusalsKey),
  };
}

function queryOf(controller: Type, name: string): Type | undefined {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { index: number }>;
  const [, query] = Object.entries(args).find(([key]) => key.startsWith(`${RouteParamtypes.QUERY}:`)) ?? [];
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) as Type[] | undefined;
  return query && types?.[query.index];
}

const read = <T>(key: string, target: object): T | undefined => Reflect.getMetadata(key, target) as T | undefined;
