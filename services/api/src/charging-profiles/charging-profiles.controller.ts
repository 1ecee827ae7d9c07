import { Body, Controller, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { createChargingProfile, deleteChargingProfile, replaceChargingProfile } from '@ohmnibus/contracts';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { ChargingProfileQueries, readProfileId, unknownProfile } from './charging-profile-queries.js';
import { profileFilters, profilePage, profileSchema, putProfileBody, type ProfileFilters, type ProfileView, type PutProfileBody } from './charging-profile-schemas.js';

const tag = 'Charging profiles';
const params = { id: 'The profile\'s id' };
const problems = { 404: 'There is no such charging profile' };
const answer = (description: string) => ({ description, schema: profileSchema });

/** The catalogue. */
@Controller('charging-profiles')
export class ChargingProfilesController {
  constructor(
    private readonly profiles: ChargingProfileQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', { tag, summary: 'Lists the catalogue, in the order of ids', query: profileFilters, answers: { 200: { description: 'A page of profiles', schema: profilePage } } })
  listChargingProfiles(@Caller() { tenant }: KeyHolder, @Query(zod(profileFilters)) filters: ProfileFilters): Promise<Page<ProfileView>> {
    return this.profiles.list(tenant, filters);
  }

  @Endpoint('post', '', { tag, summary: 'Adds a profile, under the id that stations will know it by', body: putProfileBody, answers: { 201: answer('It is new') } })
  async createChargingProfile(@Caller() { tenant }: KeyHolder, @Body(zod(putProfileBody)) { description, ...profile }: PutProfileBody): Promise<ProfileView> {
    const { id } = await this.bus.ask(createChargingProfile, {}, { tenant, description, profile });
    return this.profiles.get(tenant, id);
  }

  @Endpoint('get', '{id}', { tag, summary: 'A profile', params, answers: { 200: answer('The profile') }, problems })
  getChargingProfile(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<ProfileView> {
    return this.profiles.get(tenant, readProfileId(id));
  }

  @Endpoint('put', '{id}', {
    tag,
    summary: 'Replaces a profile; stations that have it keep what they were sent',
    params,
    body: putProfileBody,
    answers: { 200: answer('It is replaced') },
    problems,
  })
  async replaceChargingProfile(
    @Caller() { tenant }: KeyHolder,
    @Param('id') text: string,
    @Body(zod(putProfileBody)) { description, ...profile }: PutProfileBody,
  ): Promise<ProfileView> {
    const id = readProfileId(text);
    const { replaced } = await this.bus.ask(replaceChargingProfile, {}, { tenant, id, description, profile });
    if (!replaced) throw unknownProfile(text);
    return this.profiles.get(tenant, id);
  }

  @Endpoint('delete', '{id}', {
    tag,
    summary: 'Takes a profile out of the catalogue; stations that have it keep it',
    params,
    answers: { 204: { description: 'It is gone', schema: null } },
    problems,
  })
  async deleteChargingProfile(@Caller() { tenant }: KeyHolder, @Param('id') text: string): Promise<void> {
    const { deleted } = await this.bus.ask(deleteChargingProfile, {}, { tenant, id: readProfileId(text) });
    if (!deleted) throw unknownProfile(text);
  }
}
