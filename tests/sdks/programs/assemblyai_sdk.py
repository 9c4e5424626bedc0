"""Uploads, transcripts, captions, redacted audio and webhooks by AssemblyAI's SDK, as its README shows."""

import wave

import assemblyai as aai
from harness import BASE_URL, FOLDER, KEY, error_of, force, receiver, report

aai.settings.api_key = KEY
aai.settings.base_url = BASE_URL
aai.settings.polling_interval = 0.01
URL = "https://example.com/talk.mp3"

talk = FOLDER / "talk.wav"
with wave.open(str(talk), "wb") as audio:
    audio.setparams((1, 2, 8000, 0, "NONE", ""))
    audio.writeframes(bytes(16_000))

transcriber = aai.Transcriber()

uploaded = transcriber.upload_file(str(talk))
transcript = transcriber.transcribe(str(talk))
captions = [transcript.export_subtitles_srt(), transcript.export_subtitles_vtt(chars_per_caption=32)]
sentences = transcript.get_sentences()

redacting = aai.TranscriptionConfig().set_redact_pii(
    policies=[aai.PIIRedactionPolicy.person_name], redact_audio=True
)
redacted = transcriber.transcribe(URL, config=redacting)
redacted.save_redacted_audio(str(FOLDER / "redacted.mp3"))

failed = transcriber.submit(URL)
force(failed.id or "", "error")
failed.wait_for_completion()

early = transcriber.submit(URL)
too_early = error_of(early.get_sentences)
assert isinstance(too_early, aai.TranscriptError), too_early

unknown = error_of(lambda: aai.Transcript.get_by_id("nothing"))
assert isinstance(unknown, aai.TranscriptError), unknown
refused = error_of(lambda: aai.Transcriber(api_key="invalid").list_transcripts())
assert isinstance(refused, aai.types.AssemblyAIError), refused

parameters = aai.ListTranscriptParameters(limit=2)
listed, page = [], transcriber.list_transcripts(parameters)
while True:
    listed.append([one.id for one in page.transcripts])
    if page.page_details.before_id_of_prev_url is None:
        break
    parameters.before_id = page.page_details.before_id_of_prev_url
    page = transcriber.list_transcripts(parameters)
completed = transcriber.list_transcripts(aai.ListTranscriptParameters(status=aai.TranscriptStatus.completed))

deleted = aai.Transcript.delete_by_id(transcript.id or "")

with receiver() as (url, next_webhook):
    notifying = aai.TranscriptionConfig().set_webhook(url, "X-My-Webhook", "between us")
    notified = transcriber.transcribe(URL, config=notifying)
    webhook = next_webhook()

report(
    uploaded=uploaded,
    transcript={
        "status": transcript.status,
        "audio_url": transcript.audio_url,
        "text": transcript.text,
        "words": [word.text for word in transcript.words or []],
    },
    captions=captions,
    sentences=[one.text for one in sentences],
    redacted=[redacted.status, redacted.get_redacted_audio_url()],
    failed=[failed.status, failed.error, failed.text],
    early=[too_early.status_code, str(too_early)],
    unknown=[unknown.status_code, str(unknown)],
    refused=[refused.status_code, str(refused)],
    submitted=[one.id for one in (early, failed, redacted, transcript)],
    listed=listed,
    completed=sorted(one.id for one in completed.transcripts),
    done=sorted([redacted.id or "", transcript.id or ""]),
    deleted=[deleted.id, deleted.status, deleted.text],
    webhook={"id": notified.id, "header": webhook.headers.get("x-my-webhook"), "body": webhook.body},
)
