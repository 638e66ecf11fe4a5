import { foldAccents } from '../../../src/operations/tokenize';

/*
 * English for common words of other languages and of informal English. Spanish, German, French and Portuguese words are
 * written as stems without accents, as they begin; Japanese ones as they occur. They replace words that the index lacks,
 * so English queries are not affected. Words of less than four letters must match whole.
 */

/** Words without a meaning for the search. */
const FUNCTION_WORDS =
  'el la los las un una unos unas de del al en con por para que tu su sus se lo le les y o es esta este esto hay he ha me ' +
  'der die das dem den des ein eine einen einem einer und oder im mit von vom zu zum zur fur auf aus bei ist sind ich mir mich hat habe haben ' +
  'du au aux dans avec pour sur et ou est sont je ce cet cette ces ai ' +
  'os uma uns umas do da dos das em no na nos nas com ao esse essa ' +
  'favor bitte porfavor plz pls please bro dude mate gonna wanna gotta lemme kinda rn asap lol btw yo guys stuff thing';

const WORDS: readonly (readonly [english: string, foreign: string])[] = [
  ['my', 'mi mis mein meine meinen meines meiner mon mes ma meu meus minha minhas'],
  // Actions
  ['send', 'envi manda mande schick versend verschick send envoy expedi 送 shoot fire'],
  ['show', 'ver voir muestr mostra mostre ensen anzeig zeig affich montr exib 表示 見 gimme'],
  ['list', 'listar lister listez liste auflist ubersicht 一覧 リスト'],
  ['get', 'obten consegu abruf hol recuper obter 取得'],
  ['find', 'busc encontr such find cherch trouv procur 検索 探'],
  ['buy', 'compr adquir kauf erwerb achet acquer acquisi 購入 買 snag grab cop'],
  ['create', 'crea cree erstell anleg einricht creer cria crie 作成 作'],
  ['update change', 'cambi modific actualiz ander bearbeit aktualisier modifi actualis alter atualiz mud 変更 更新'],
  ['delete', 'elimin borr losch entfern supprim efface apag exclu 削除 消 nuke ditch trash chuck'],
  ['remove', 'quit saca expuls retir remov enlev kick'],
  ['release number', 'liber freigeb rendre devolv 解放'],
  ['check', 'comprueb comproba pruf uberpruf verifi checar 確認'],
  ['look up', 'averigu nachschlag nachschau consult saber descobr 調'],
  ['verification code', 'verificac verifizier bestatigung 認証'],
  ['cancel', 'cancel stornier annul キャンセル 取消'],
  ['schedule', 'program agend plan planifi 予約'],
  ['end', 'beend termin encerr 終了'],
  ['stop', 'parar detener deten stopp arret 停止'],
  ['hang up', 'colg auflegen raccroch deslig 切 kill'],
  ['call place', 'llamar llame anruf telefonier angeruf appel liga かけ'],
  ['record', 'grabar aufnehm aufzeichn enregistrer gravar'],
  ['forward', 'reenvi desvi weiterleit transfer transfer encaminh 転送'],
  ['mute', 'micro mikrofon silenci stummschalt stumm muet mudo mutar ミュート'],
  ['pause', 'pausar pausier pausier 一時'],
  ['download', 'descarg herunterlad telecharg baix ダウンロード'],
  ['register', 'registr anmeld enregistrez inscri cadastr 登録'],
  ['suspend', 'suspend bloque sperr bloqu 停'],
  ['reply', 'respond antwort repond 返信'],
  ['receive', 'recib empfang erhalt recu recev receb 受信'],
  ['write', 'escrib geschrieb ecrit escrev'],
  // Things
  ['message', 'mensaj nachricht mensage メッセージ msg'],
  ['text message', 'texto txt テキスト'],
  ['call', 'llamad telefonat gesprach anrufe anruf chamad ligac 通話 着信'],
  ['phone', 'telefon 電話 fone'],
  ['number', 'numer nummer rufnummer 番号'],
  ['phone number', 'telefonnummer rufnummer 電話番号'],
  ['mobile', 'movil celular handy portable telemov 携帯'],
  ['landline', 'fijo festnetz fixe fixo'],
  ['carrier', 'operador netzbetreib operateur 通信'],
  ['recording', 'grabac aufnahme aufzeichnung enregistrement gravac 録音'],
  ['voice', 'voz sprach stimm vocal vocaux 音声'],
  ['conference', 'conferenc konferenz 会議'],
  ['participant', 'particip teilnehm 参加者'],
  ['queue', 'cola warteschlang fila attente キュー'],
  ['account', 'cuenta konto kontos compte conta アカウント acct'],
  ['subaccount', 'subcuenta unterkonto subconta sous サブ subacct'],
  ['balance', 'saldo guthaben kontostand solde 残高 dough cash'],
  ['spend usage', 'gast ausgegeb depens gastei gaste 使用 料金'],
  ['price cost', 'preci prec kost prix cout tarif cust 価格 bucks'],
  ['invoice billing', 'factur rechnung fatur 請求'],
  ['error', 'errores fehler erreur erro エラー'],
  ['code', 'codig コード pin'],
  ['user', 'usuari benutz utilisat nutzer usua ユーザー usr'],
  ['customer', 'client kund 顧客'],
  ['country', 'pais land pays 国'],
  ['picture', 'imagen foto bild bilder imag 画像'],
  ['template', 'plantill vorlag modele modelo テンプレート'],
  ['flow', 'flujo flux ablauf fluxo フロー'],
  ['task', 'tarea aufgab tache taref タスク'],
  ['worker agent', 'agente trabajador mitarbeit bearbeiter travailleur trabalhador'],
  ['workspace', 'espacio arbeitsbereich espace'],
  ['address', 'direccion adress endereco 住所'],
  ['key', 'clave llave schlussel cle chave キー'],
  ['email', 'correo mail courriel メール'],
  ['fax', 'ファックス telefax'],
  ['video room', 'sala raum salle ビデオ'],
  ['log history', 'historial verlauf historique 履歴'],
  ['permission', 'permis berechtig autoris'],
  ['mailbox voicemail', 'buzon anrufbeantwort repondeur correio'],
  ['people someone', 'alguien jemand quelqu alguem 誰'],
  // Time, amount, questions
  ['today', 'hoy heute aujourd hoje 今日'],
  ['yesterday', 'ayer gestern hier ontem 昨日'],
  ['tomorrow', 'manana morgen demain amanha 明日'],
  ['this month', 'mes monat mois 今月'],
  ['last past', 'pasado pasada letzt vergangen dernier passe ultim 先月'],
  ['new', 'nuev neu nouv novo nova 新'],
  ['own', 'propio eigen propr tengo tenho 所有'],
  ['all', 'todos todas alle toutes tous todo 全'],
  ['how much', 'cuant wieviel viel combien quanto いくら'],
  ['who', 'quien quem qui wer'],
  ['which', 'cual quais quel welch quelle'],
  ['why', 'porque pourquoi warum なぜ'],
  ['is working fails', 'falla fehlgeschlag echou echec 失敗'],
  ['outgoing', 'salient ausgehend sortant'],
  ['incoming', 'entrant eingehend 受'],
  ['through', 'thru'],
  ['out', 'outta'],
  ['you', 'u ya'],
  ['your', 'ur'],
  ['because', 'cuz bc'],
];

/** Countries that are no given names or English words: a query that names one is about a country. */
function countryNames(): string {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters
    .flatMap((first) => letters.map((second) => names.of(first + second)!.toLowerCase()))
    .filter((name) => /^[a-z]{4,}$/.test(name) && !/^(chad|georgia|jordan|turkey|guinea)$/.test(name))
    .join(' ');
}

/** English words by the word or stem that they translate; '' for a function word. */
export const TRANSLATIONS: Readonly<Record<string, string>> = Object.fromEntries(
  [['country', countryNames()], ['', FUNCTION_WORDS], ...WORDS].flatMap(([english, foreign]) =>
    foreign!.split(' ').map((word) => [foldAccents(word), english]),
  ),
);
