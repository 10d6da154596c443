import { Body, Controller, Get, HttpCode, Module, Post, Query } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { announceDeprecations, Deprecated } from '../platform/http/deprecation.js';
import { WaitsForOthers } from '../platform/http/route-marks.js';
import { describeApi } from './document.js';

const [since, sunset] = ['2026-12-01', '2027-06-01'];

class Thing {
  @ApiProperty() title!: string;
  @ApiProperty({ deprecated: true, description: 'Use title' }) label!: string;
}

@Controller('things')
class Things {
  @Get('old')
  @ApiOperation({ operationId: 'oldThing', summary: 'An old route' })
  @Deprecated({ since, sunset })
  @WaitsForOthers()
  @ApiOkResponse({ type: Thing })
  old(): Thing {
    return { title: 'a', label: 'a' };
  }

  @Get()
  @ApiOperation({ operationId: 'listThings', summary: 'A route with an old parameter' })
  @Deprecated({ since, sunset, query: ['label'] }, { since: '2026-01-01', sunset: '2027-01-01', query: ['older'] })
  @ApiQuery({ name: 'label', required: false, type: String })
  @ApiQuery({ name: 'title', required: false, type: String })
  @ApiOkResponse({ type: [Thing] })
  list(@Query() _query: object): Thing[] {
    return [];
  }

  @Post()
  @ApiOperation({ operationId: 'createThing', summary: 'A route with an old field' })
  @Deprecated({ since, sunset, body: ['label'] })
  @HttpCode(200)
  @ApiOkResponse({ type: Thing })
  create(@Body() body: Thing): Thing {
    return body;
  }
}

@Module({ imports: [DiscoveryModule], controllers: [Things] })
class OldModule {}

describe('What is deprecated', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const testing = await Test.createTestingModule({ imports: [OldModule] }).compile();
    app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    const fastify = app.getHttpAdapter().getInstance();
    fastify.decorate('publicUrl', 'https://ats.example.org');
    announceDeprecations(fastify);
    await app.init();
    await fastify.ready();
  });
  afterAll(() => app.close());

  const told = {
    deprecation: '@1796083200',
    sunset: 'Tue, 01 Jun 2027 00:00:00 GMT',
    link: '<https://ats.example.org/docs>; rel="deprecation"; type="text/html"',
  };
  const headersOf = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const { headers } = await app.inject({ method, url, ...(payload ? { payload } : {}) });
    const { deprecation, sunset: ends, link } = headers;
    return { deprecation, sunset: ends, link };
  };
  const nothing = { deprecation: undefined, sunset: undefined, link: undefined };

  it('is told with every answer of a route', async () => {
    expect(await headersOf('GET', '/things/old')).toEqual(told);
  });

  it('is told to requests that use the parameter or the field', async () => {
    expect(await headersOf('GET', '/things?label=a')).toEqual(told);
    expect(await headersOf('GET', '/things?title=a')).toEqual(nothing);
    expect(await headersOf('POST', '/things', { label: 'a' })).toEqual(told);
    expect(await headersOf('POST', '/things', { title: 'a' })).toEqual(nothing);
  });

  it('is told with the most urgent time of several', async () => {
    expect(await headersOf('GET', '/things?label=a&older=a')).toMatchObject({
      deprecation: `@${Date.parse('2026-01-01') / 1000}`,
      sunset: 'Fri, 01 Jan 2027 00:00:00 GMT',
    });
  });

  it('is marked in the document, with its headers on every answer', () => {
    const { paths, components } = describeApi(app);
    const [old, list, create] = [paths['/things/old']?.get, paths['/things']?.get, paths['/things']?.post];
    expect([old?.deprecated, list?.deprecated, create?.deprecated]).toEqual([true, undefined, undefined]);
    const parameters = (list?.parameters ?? []) as { name: string; deprecated?: boolean }[];
    expect(parameters.filter(({ deprecated }) => deprecated).map(({ name }) => name)).toEqual(['label']);
    expect(components?.schemas?.['Thing']).toMatchObject({ properties: { label: { deprecated: true } } });
    for (const operation of [old, list, create])
      for (const answer of Object.values(operation?.responses ?? {}))
        expect(Object.keys((answer as { headers: object }).headers)).toEqual(
          expect.arrayContaining(['Deprecation', 'Sunset', 'Link']),
        );
  });
});
