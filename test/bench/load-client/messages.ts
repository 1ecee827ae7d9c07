import { FrameTemplate } from './frame-template.js';

/** What a station says in the benchmark. */
export const kinds = ['Heartbeat', 'StatusNotification', 'MeterValues', 'StartTransaction', 'StopTransaction', 'BootNotification'] as const;
export type Kind = (typeof kinds)[number];

/** The register of the first station begins here and that of the next one so much further on, so that each reading is eight digits long and unique. */
export const firstRegister = 10_000_000;
export const registersOfStation = 8_900;
/** What the benchmark's stations identify their drivers with; the number of the station follows. */
export const tokenPrefix = 'T';
export const tokenDigits = 9;

const reading = (value: string, measurand: string, unit: string, phase?: string) =>
  `{"value":"${value}","context":"Sample.Periodic","measurand":"${measurand}",${phase ? `"phase":"${phase}",` : ''}"unit":"${unit}"}`;

/** Ten readings, as a station with three phases sends them. */
const readings = [
  reading('<wh>', 'Energy.Active.Import.Register', 'Wh'),
  reading('11040.0', 'Power.Active.Import', 'W'),
  ...['L1', 'L2', 'L3'].map((phase) => reading('16.02', 'Current.Import', 'A', phase)),
  ...['L1-N', 'L2-N', 'L3-N'].map((phase) => reading('230.4', 'Voltage', 'V', phase)),
  reading('31.5', 'Temperature', 'Celsius'),
  reading('54', 'SoC', 'Percent'),
].join(',');

const status = (word: string) =>
  `[2,"<id>","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"${word}","timestamp":"<at>","info":"<id>","vendorId":"bench"}]`;
const boot = '{"chargePointVendor":"Bench","chargePointModel":"Load","chargePointSerialNumber":"0001","firmwareVersion":"1.0.0"}';

const template = (text: string) => new FrameTemplate(text);
const templates: Readonly<Record<Exclude<Kind, 'StatusNotification'>, FrameTemplate>> = {
  Heartbeat: template('[2,"<id>","Heartbeat",{}]'),
  MeterValues: template(`[2,"<id>","MeterValues",{"connectorId":1,"transactionId":<transaction>,"meterValue":[{"timestamp":"<at>","sampledValue":[${readings}]}]}]`),
  StartTransaction: template(`[2,"<id>","StartTransaction",{"connectorId":1,"idTag":"${tokenPrefix}<token>","meterStart":<wh>,"timestamp":"<at>"}]`),
  StopTransaction: template(
    `[2,"<id>","StopTransaction",{"transactionId":<transaction>,"idTag":"${tokenPrefix}<token>","meterStop":<wh>,"timestamp":"<at>","reason":"Local"}]`,
  ),
  BootNotification: template(`[2,"<id>","BootNotification",${boot}]`),
};
/** Each is another state than the one before, so that each is worth an event. */
const statuses = ['Charging', 'SuspendedEV', 'Finishing'].map((word) => template(status(word)));

/** @param turn picks among the messages of a kind that has several */
export function templateOf(kind: Kind, turn: number): FrameTemplate {
  return kind === 'StatusNotification' ? statuses[turn % statuses.length]! : templates[kind];
}

const six: readonly Kind[] = ['MeterValues', 'Heartbeat', 'MeterValues', 'StatusNotification', 'MeterValues', 'Heartbeat'];
/** One charge: of twenty messages 6 heartbeats, 3 states, 9 readings, a start and a stop. */
export const cycle: readonly Kind[] = ['StartTransaction', ...six, ...six, ...six, 'StopTransaction'];
