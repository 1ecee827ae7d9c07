import { Fault } from '@ohmnibus/domain';
import { FileLinks } from '@ohmnibus/files';

export interface LinkSettings {
  readonly FILES_SECRET?: string | undefined;
  readonly FILES_PUBLIC_URL?: string | undefined;
  readonly FILES_LINK_HOURS: number;
}

/** Links to our file endpoint as stations get them. Without its settings every link is refused: callers have to say where files are. */
export class StationLinks {
  private readonly links: FileLinks | undefined;
  private readonly validMs: number;

  constructor({ FILES_SECRET: secret, FILES_PUBLIC_URL: url, FILES_LINK_HOURS: hours }: LinkSettings) {
    this.links = secret !== undefined && url !== undefined ? new FileLinks(secret, url) : undefined;
    this.validMs = hours * 3_600_000;
  }

  /** Where a station puts the file of a job. */
  forLog(tenant: string, job: string, now: Date): string {
    return this.made.toUpload({ tenant, kind: 'log', owner: job }, new Date(now.getTime() + this.validMs));
  }

  /** Where a station gets an image. The time begins when it is to fetch it. */
  forImage(tenant: string, image: string, retrieveAt: Date): string {
    return this.made.toDownload({ tenant, kind: 'firmware', owner: image }, new Date(retrieveAt.getTime() + this.validMs));
  }

  private get made(): FileLinks {
    if (!this.links) throw new Fault('bad-value', 'a location is needed: this system has no file endpoint (FILES_SECRET, FILES_PUBLIC_URL)');
    return this.links;
  }
}
