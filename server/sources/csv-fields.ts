import type { SourceKind } from '#billing/reading.ts'

/** One thing a row may say. */
export interface Field {
  name: string
  label: string
  type: 'text' | 'number' | 'day' | 'flag' | 'list' | 'code'
  /** Headers that mean it, in several languages, as `plain` writes them; the first that is there counts. */
  headers: readonly string[]
}

const text = (name: string, label: string, headers: string, type: Field['type'] = 'text'): Field => ({
  name,
  label,
  type,
  headers: headers.split(' '),
})

const account = [
  text(
    'account',
    'Account id',
    'accountid customerid clientid companyid organizationid organisationid orgid accountnumber customernumber clientnumber accountno customerno accountref account kundennummer kundennr kundenid debitorennummer mandantennummer numeroclient idclient codeclient numerocliente idcliente codigocliente klantnummer klantid codicecliente',
  ),
  text(
    'name',
    'Account name',
    'accountname customername clientname companyname organizationname organisationname customer client company organization organisation kundenname kunde firma unternehmen mandant nomclient societe entreprise nombrecliente cliente empresa klantnaam klant bedrijf azienda',
  ),
]

const money = [
  text(
    'unitCost',
    'Unit cost',
    'unitcost cost costprice buyprice einkaufspreis ekpreis ek stuckkosten coutunitaire prixachat costeunitario coste inkoopprijs',
    'number',
  ),
  text(
    'unitPrice',
    'Unit price',
    'unitprice retailprice salesprice sellprice price verkaufspreis vkpreis vk stuckpreis einzelpreis preis prixunitaire prixvente prix preciounitario precio verkoopprijs prijs prezzo',
    'number',
  ),
  text('currency', 'Currency', 'currency currencycode wahrung waehrung devise moneda valuta', 'code'),
]

const quantity = text(
  'quantity',
  'Quantity',
  'quantity qty count billableusers activeusers usercount users seats licenses licences units anzahl menge lizenzen benutzeranzahl quantite qte nombre cantidad aantal quantita',
  'number',
)

const metric = text(
  'metric',
  'Metric',
  'metric counter counttype meter metrik zahler kennzahl metrique metrica metriek',
)

const person = [
  text(
    'user',
    'User id',
    'userid userprincipalname upn login loginname user benutzerid benutzer identifiant utilisateur usuario gebruiker utente',
  ),
  text(
    'userName',
    'User name',
    'displayname fullname username personname anzeigename benutzername nomutilisateur nomcomplet nombrecompleto gebruikersnaam',
  ),
  text('email', 'E-mail', 'email emailaddress mail emailadresse mailadresse courriel correo correoelectronico'),
  text('services', 'Services', 'services service enabledservices dienste dienst servicios diensten', 'list'),
]

const subscription = text(
  'subscription',
  'Subscription',
  'subscriptionid subscription abonnementid abonnement aboid abo suscripcion abonamento',
)

const usage = [
  text(
    'sku',
    'SKU',
    'sku skuid productsku productid productcode partnumber itemcode offerid artikelnummer artikelnr materialnummer codeproduit codigoproducto artikelcode',
  ),
  text(
    'title',
    'SKU name',
    'skuname productname product description bezeichnung artikel produkt produit producto omschrijving',
  ),
  subscription,
  text('term', 'Term', 'term termduration commitment laufzeit duree plazo looptijd'),
]

const line = [
  text('id', 'Line id', 'lineid invoicelineid id position positionsnummer'),
  text('offer', 'Offer', 'offer offerid offername sku productid product angebot artikelnummer artikel'),
  text('chargeType', 'Charge type', 'chargetype typeofcharge gebuhrenart gebuehrenart typefrais tipocargo', 'code'),
  quantity,
  subscription,
  text('subscriptionName', 'Subscription name', 'subscriptionname abonnementname'),
  text('billingCycle', 'Billing cycle', 'billingcycle cycle abrechnungszyklus cyclefacturation'),
  text(
    'chargeStart',
    'Charge start',
    'chargestart chargestartdate startdate periodstart start von beginn datedebut fechainicio',
    'day',
  ),
  text('chargeEnd', 'Charge end', 'chargeend chargeenddate enddate periodend end bis ende datefin fechafin', 'day'),
  ...money,
  text('invoice', 'Invoice', 'invoice invoiceid invoicenumber rechnung rechnungsnummer facture factura factuur'),
  text('invoicedOn', 'Invoice date', 'invoicedate invoicedon rechnungsdatum datefacture fechafactura', 'day'),
  text('custom', 'Custom', 'custom iscustom', 'flag'),
]

/** What a row may say, by the kind of file and whether a row is a number or a user. */
export const fieldsOf: Readonly<Record<SourceKind | 'users', readonly Field[]>> = {
  counts: [...account, metric, quantity, ...money],
  users: [...account, metric, ...person],
  usage: [...account, ...usage, quantity, ...money],
  'invoice-lines': [...account, ...line],
}

/** Without what must be there nothing can be read; of an account and its name one is enough. */
export const requiredOf: Readonly<Record<SourceKind | 'users', readonly string[]>> = {
  counts: ['quantity'],
  users: [],
  usage: ['sku', 'quantity'],
  'invoice-lines': ['id', 'offer', 'chargeType', 'quantity'],
}

/** A header in lower case, without accents, spaces and signs. */
export const plain = (header: string): string =>
  header
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
