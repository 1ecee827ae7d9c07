import { Controller, Param, Query, Req, Res } from '@nestjs/common';
import { Fault } from '@ohmnibus/domain';
import type { FileAddress } from '@ohmnibus/files';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { attachment } from '../files/attachment.js';
import { readUpload } from '../files/read-upload.js';
import { sendFile } from '../files/send-file.js';
import { StoredFiles } from '../files/stored-files.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { FirmwareQueries, imageOf } from './firmware-queries.js';
import { imagePage, imageParam, imageQuery, imageSchema, type FirmwareImage } from './firmware-schemas.js';

const tag = 'Firmware';
const params = { name: 'The image\'s name: letters, digits, ".", "_" and "-"' };
const noImage = { 404: 'There is no such image' };

@Controller('firmware')
export class FirmwareController {
  constructor(
    private readonly images: FirmwareQueries,
    private readonly files: StoredFiles,
  ) {}

  @Endpoint('get', '', { tag, summary: 'Lists firmware images, in the order of their names', query: imageQuery, answers: { 200: { description: 'A page of images', schema: imagePage } } })
  listFirmware(@Caller() { tenant }: KeyHolder, @Query(zod(imageQuery)) query: z.output<typeof imageQuery>): Promise<Page<FirmwareImage>> {
    return this.images.list(tenant, query);
  }

  @Endpoint('put', '{name}', {
    tag,
    summary: 'Uploads a firmware image; stations that are fetching the one before get that one whole',
    params,
    upload: 'The image',
    answers: { 200: { description: 'It has replaced one', schema: imageSchema }, 201: { description: 'It is new', schema: imageSchema } },
    problems: { 409: 'There is no file endpoint', 413: 'The image is too large' },
  })
  async putFirmware(@Caller() { tenant }: KeyHolder, @Param('name') name: string, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<FirmwareImage> {
    if (!imageParam.safeParse(name).success) throw new Fault('bad-value', `name: ${params.name}`);
    const { body, contentType, announced } = await readUpload(request);
    const { stored, replaced } = await this.files.receive({ ...addressOf(tenant, name), name: '', body, contentType, announced });
    response.status(replaced ? 200 : 201);
    return imageOf(stored);
  }

  @Endpoint('get', '{name}', { tag, summary: 'What is known of an image', params, answers: { 200: { description: 'The image', schema: imageSchema } }, problems: noImage })
  async getFirmware(@Caller() { tenant }: KeyHolder, @Param('name') name: string): Promise<FirmwareImage> {
    return imageOf(await this.files.find(addressOf(tenant, name)));
  }

  @Endpoint('get', '{name}/file', { tag, summary: 'An image as it is', params, answers: { 200: { description: 'The image', schema: 'file' } }, problems: noImage })
  async downloadFirmware(@Caller() { tenant }: KeyHolder, @Param('name') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const file = await this.files.find(addressOf(tenant, name));
    response.setHeader('content-disposition', attachment(name));
    await sendFile(request, response, file, (range) => this.files.open(file, range));
  }

  @Endpoint('delete', '{name}', { tag, summary: 'Forgets an image; links to it end', params, answers: { 204: { description: 'It is gone', schema: null } }, problems: noImage })
  async deleteFirmware(@Caller() { tenant }: KeyHolder, @Param('name') name: string): Promise<void> {
    if ((await this.files.drop(addressOf(tenant, name))) === 0) throw new Fault('not-found', `there is no image ${JSON.stringify(name)}`);
  }
}

/** A name that cannot be one is looked up as the empty name, which none has. */
function addressOf(tenant: string, name: string): FileAddress {
  return { tenant, kind: 'firmware', owner: imageParam.safeParse(name).success ? name : '' };
}
