from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='missed_because',
            field=models.CharField(blank=True, choices=[('late', 'No clock ran at its time.'), ('upcoming', 'The event was not live yet at its time.'), ('paused', 'The event was paused at its time.'), ('ended', 'The event had ended at its time.'), ('frozen', 'The event was frozen at its time.'), ('embargo', 'The event was under embargo at its time.'), ('refused', 'It was refused at its time: publish it to read why.')], db_default='', default='', max_length=8, verbose_name='missed because'),
        ),
        migrations.AddField(
            model_name='post',
            name='sending',
            field=models.BooleanField(db_default=False, default=False, verbose_name='held back by the send delay'),
        ),
        migrations.AddField(
            model_name='post',
            name='pin_when_out',
            field=models.BooleanField(db_default=False, default=False, verbose_name='pinned when it goes out'),
        ),
        migrations.AlterField(
            model_name='event',
            name='send_delay',
            field=models.PositiveSmallIntegerField(choices=[(0, 'None'), (5, '5 seconds'), (10, '10 seconds'), (20, '20 seconds')], default=0, help_text='What is published at the desk can be stopped for so long before anybody sees it.', verbose_name='send delay'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(condition=models.Q(('due_at__isnull', False), ('missed_at__isnull', True)), fields=['due_at'], name='post_by_due'),
        ),
    ]
