// uptime.cases.ts and zones.cases.ts, and all that they try: whole days, second by second.
import '../../support/long.ts';
import './uptime.cases.ts';
import './zones.cases.ts';
